"""Organisation charts as Mermaid text, for wikis and chats that draw it."""

from __future__ import annotations

from leadkit.errors import OrgError
from leadkit.interchange._chart import Label, chart_of
from leadkit.interchange.mermaid._escaping import MOST_CHARACTERS, escaped
from leadkit.org import Organisation, Pyramid

__all__ = ["org_chart"]

MOST_NODES = 450
MOST_EDGES = 500


def org_chart(
    organisation: Organisation,
    *,
    pyramid: Pyramid | None = None,
    inverted: bool = True,
    label: Label = "name",
    top: str | None = None,
    layers: int | None = None,
    max_nodes: int = MOST_NODES,
) -> str:
    """Write an organisation as a Mermaid flowchart: customers on top, everybody below whom they carry.

    Parameters
    ----------
    organisation : leadkit.org.Organisation
        The people.
    pyramid : leadkit.org.Pyramid, optional
        Who faces customers; built from the organisation when None.
    inverted : bool
        Whether customers stand on top and leaders below; otherwise the other way round.
    label : {"name", "title", "id"}
        What stands on a post; the id where a name or title is missing.
    top : str, optional
        Draw this person's line alone.
    layers : int, optional
        Draw so many layers from the top.
    max_nodes : int
        Most posts. What draws Mermaid takes at most 500 lines and 50 000 characters, which are checked too.

    Returns
    -------
    str
        A flowchart; nodes are called n0, n1, ..., and texts of users are written as entity codes where needed.

    Raises
    ------
    OrgError
        There is too much to draw; the message says how much, and how to cut it.
    TypeError, ValueError
        An argument is of another kind, or the pyramid is that of another organisation.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> print(org_chart(Organisation.from_columns(["ann", "bob"], [None, "ann"], names=["Ann", 'Bob "B"'])))
    flowchart BT
        customers(["Customers"])
        n0["Ann"]
        subgraph facing["Facing customers"]
            n1["Bob #quot;B#quot;"]
        end
        n0 --> n1
        facing --> customers
    """
    chart = chart_of(organisation, pyramid=pyramid, label=label, top=top, layers=layers, max_nodes=max_nodes)
    names = [f'n{i}["{escaped(text)}"]' for i, text in enumerate(chart.labels)]
    facing = [f"        {name}" for name, faces in zip(names, chart.faces, strict=True) if faces]
    nodes = [f"    {name}" for name, faces in zip(names, chart.faces, strict=True) if not faces]
    if facing:
        nodes += ['    subgraph facing["Facing customers"]', *facing, "    end"]
    edges = [f"    n{above} --> n{i}" for i, above in enumerate(chart.above) if above >= 0]
    edges += [f"    n{above} -.-> n{i}" for above, i in chart.dotted]
    edges += ["    facing --> customers"] if facing else []
    if len(edges) > MOST_EDGES:
        raise OrgError(_too_much(f"{len(edges)} lines", f"{MOST_EDGES} lines"))
    head = ["flowchart BT" if inverted else "flowchart TB", '    customers(["Customers"])']
    text = "\n".join([*head, *nodes, *edges])
    if len(text) > MOST_CHARACTERS:
        raise OrgError(_too_much(f"{len(text)} characters", f"{MOST_CHARACTERS} characters"))
    return text


def _too_much(found: str, limit: str) -> str:
    return (
        f"{found} are to be drawn, what draws Mermaid takes at most {limit}: draw a subtree (top=...) or fewer layers "
        f"(layers=...)"
    )
