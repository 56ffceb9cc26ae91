"""Interactions as Slack sends them: a form whose field `payload` holds JSON (Slack, "Handling user interaction")."""

from typing import Annotated, Literal
from urllib.parse import parse_qs

import msgspec

from strongroom.domain.chat import SignedClick, SlackClick
from strongroom.domain.errors import MalformedRequestError


class _User(msgspec.Struct, frozen=True):
    id: str
    team_id: str = ""


class _Team(msgspec.Struct, frozen=True):
    id: str


class _Action(msgspec.Struct, frozen=True):
    action_id: str
    value: str = ""


class SlackInteraction(msgspec.Struct, frozen=True):
    """A click on a button of a message."""

    type: Literal["block_actions"]
    user: _User
    team: _Team
    api_app_id: str
    actions: tuple[_Action, ...]
    response_url: str

    @classmethod
    def from_form(cls, body: bytes) -> "SlackInteraction":
        """The interaction in a form's bytes; MalformedRequestError when it holds none, or not exactly one click."""
        try:
            fields = parse_qs(body.decode(), strict_parsing=True, max_num_fields=10)
            interaction = msgspec.json.decode(fields["payload"][0], type=cls)
        except (ValueError, KeyError, RecursionError) as error:
            raise MalformedRequestError("this is no click that is known here") from error
        if len(interaction.actions) != 1:
            raise MalformedRequestError("a click has exactly one action")
        return interaction

    def click(self) -> SlackClick:
        """The click, as the services know it."""
        (action,) = self.actions
        return SlackClick(
            user=self.user.id,
            user_team=self.user.team_id,
            team=self.team.id,
            app=self.api_app_id,
            action=action.action_id,
            value=action.value,
            response_url=self.response_url,
        )


class HandedClick(msgspec.Struct, frozen=True):
    """A click that was handed on by a queue, as it arrived: whoever takes it verifies it again."""

    body: str
    timestamp: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,11}$")]
    signature: str

    @property
    def signed(self) -> SignedClick:
        """What Slack signed."""
        return SignedClick(body=self.body.encode(), timestamp=self.timestamp, signature=self.signature)

    def click(self) -> SlackClick:
        """The click in it; MalformedRequestError when it holds none."""
        return SlackInteraction.from_form(self.body.encode()).click()
