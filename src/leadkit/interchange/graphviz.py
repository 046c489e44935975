"""Organisation charts in the DOT language of Graphviz."""

from __future__ import annotations

from leadkit.interchange._chart import Label, chart_of, one_line
from leadkit.org import Organisation, Pyramid

__all__ = ["org_chart"]

MOST_NODES = 20_000


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
    r"""Write an organisation in the DOT language: customers on top, everybody below whom they carry.

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
        Most posts.

    Returns
    -------
    str
        A digraph; nodes are called n0, n1, ..., posts that nobody holds have a dashed edge, dotted lines are dotted.

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
    digraph {
        rankdir=BT;
        node [shape=box];
        customers [label="Customers", shape=ellipse];
        n0 [label="Ann"];
        n1 [label="Bob \"B\""];
        n0 -> n1;
        n1 -> customers;
    }
    """
    chart = chart_of(organisation, pyramid=pyramid, label=label, top=top, layers=layers, max_nodes=max_nodes)
    look = ["" if filled else ", style=dashed" for filled in chart.filled]
    lines = [
        "digraph {",
        f"    rankdir={'BT' if inverted else 'TB'};",
        "    node [shape=box];",
        '    customers [label="Customers", shape=ellipse];',
        *(f'    n{i} [label="{escaped(text)}"{look[i]}];' for i, text in enumerate(chart.labels)),
        *(f"    n{above} -> n{i};" for i, above in enumerate(chart.above) if above >= 0),
        *(f"    n{above} -> n{i} [style=dotted, constraint=false];" for above, i in chart.dotted),
        *(f"    n{i} -> customers;" for i, faces in enumerate(chart.faces) if faces),
        "}",
    ]
    return "\n".join(lines)


def escaped(text: str) -> str:
    r"""Write a text so that it cannot end its quotation marks or be read as an escape.

    Examples
    --------
    >>> escaped('a"; b \\N')
    'a\\"; b \\\\N'
    """
    return one_line(text).replace("\\", "\\\\").replace('"', '\\"')
