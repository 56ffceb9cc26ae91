"""Pages for the browser of a person."""

from html import escape

from strongroom.runtime.requests import HttpAnswer


def show_page(title: str, text: str, *, status: int = 200, link: str = "") -> HttpAnswer:
    """A small page that says one thing, with at most one link; everything in it is escaped."""
    again = f'<p><a href="{escape(link, quote=True)}">Try again</a></p>' if link else ""
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        "<style>body{font:1rem/1.5 system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem}</style>"
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p>{again}</html>"
    )
    return HttpAnswer(status=status, page=page)
