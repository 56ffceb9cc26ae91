"""Queues that a rule may deliver to."""

import json

from sandbox.clients import client


def let_rules_in(account: str, region: str, queue: str, arn: str) -> None:
    """Give a queue the policy without which no rule delivers to it."""
    principal = {"Service": "events.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("sqs", account, region).set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
