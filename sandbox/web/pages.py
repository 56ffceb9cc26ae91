"""The small HTML layout that the stand-ins' pages share; everything put into it is escaped."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from sandbox.people import PEOPLE, Person

_STYLE = Markup("""
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d1c1d}
nav{border-bottom:1px solid #ddd;padding-bottom:.6rem;margin-bottom:1rem}
nav a{margin-right:.8rem} .here{font-weight:700}
article{border:1px solid #ddd;border-radius:6px;padding:.6rem 1rem;margin:.6rem 0} article article{margin-left:1.5rem}
.quiet{color:#616061;font-size:.87em} .only-you{background:#fff8e1}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:.2rem 1.5rem}
form{display:inline-block;margin:.2rem .3rem .2rem 0} label{display:block;margin:.5rem 0} button{padding:.3rem .8rem}
.primary,.danger{color:#fff;border:0;border-radius:4px} .primary{background:#007a5a} .danger{background:#e01e5a}
table{border-collapse:collapse;width:100%} td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #eee}
pre{white-space:pre-wrap;background:#f6f6f6;padding:.5rem}
""")


def page(title: str, *content: Markup) -> str:
    """Return a whole page."""
    return Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head>'
        "<body><h1>{title}</h1>{content}</body></html>"
    ).format(title=title, style=_STYLE, content=Markup("\n").join(content))


def joined(parts: Iterable[Markup]) -> Markup:
    """Return the parts one after the other."""
    return Markup("\n").join(parts)


def link(text: str, address: str, *, chosen: bool = False) -> Markup:
    """Return a link, shown strongly when it is the present choice."""
    return Markup('<a href="{}" class="{}">{}</a>').format(address, "here" if chosen else "", text)


def person_picker(address: str, chosen: Person, query: Mapping[str, str] | None = None) -> Markup:
    """Return the "who am I" bar: one link a person, each to `address` with `person=<name>`."""
    rest = joined(Markup("&{}={}").format(name, value) for name, value in (query or {}).items())
    links = (
        Markup('<a href="{}?person={}{}" class="{}">{}</a>').format(
            address, person.name, rest, "here" if person == chosen else "", person.display_name
        )
        for person in PEOPLE
    )
    return Markup("<nav>I am: {}</nav>").format(joined(links))


def button_form(action: str, label: str | Markup, fields: Mapping[str, str], *, style: str = "") -> Markup:
    """Return a one-button form that posts the fields."""
    return Markup('<form method="post" action="{}">{}<button class="{}">{}</button></form>').format(
        action, hidden(fields), style, label
    )


def hidden(fields: Mapping[str, str]) -> Markup:
    """Return hidden inputs."""
    return joined(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value) for name, value in fields.items()
    )
