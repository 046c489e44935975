"""The report to management as a page: where a project stands, what it costs, and what it waits for."""

from __future__ import annotations

from leadkit.org.showing import expect_showable
from leadkit.reports.management_content import management_page
from leadkit.reports.sections import page_html, page_text
from leadkit.wbs import ManagementReport

__all__ = ["management_report", "management_report_markdown"]


def management_report(report: ManagementReport, *, title: str | None = None, notice: str = "") -> str:
    """Write the report to management as an HTML page.

    The page is one file that needs no network, reads on a phone and prints. A customer's hand-over waits for this report
    to be approved.

    Parameters
    ----------
    report : ManagementReport
        From `leadkit.wbs.management_report`.
    title : str, optional
        The heading; the name of the project when None.
    notice : str
        Something to say first, above everything, like "Draft".

    Returns
    -------
    str
        HTML5; every text of users is escaped.

    Raises
    ------
    ImportError
        jinja2 is not installed.
    TypeError
        `report` is something else.

    Examples
    --------
    >>> from leadkit import samples, wbs
    >>> portal = samples.plan()
    >>> stands = wbs.track(portal, wbs.schedule(portal), samples.status())
    >>> page = management_report(wbs.management_report(portal, stands))
    >>> page.count("<h1>"), "Earned value" in page
    (1, True)
    """
    expect_showable(report, ManagementReport, "report")
    return page_html(management_page(report, title=title, notice=notice))


def management_report_markdown(report: ManagementReport, *, title: str | None = None, notice: str = "") -> str:
    """Write the same as Markdown, for chat and e-mail; needs no other package.

    Parameters and errors are those of `management_report`.

    Returns
    -------
    str
        CommonMark with tables; every text of users is escaped.

    Examples
    --------
    >>> from leadkit import samples, wbs
    >>> portal = samples.plan()
    >>> stands = wbs.track(portal, wbs.schedule(portal), samples.status())
    >>> management_report_markdown(wbs.management_report(portal, stands)).splitlines()[2]
    'Report to management. As of 2 Oct 2026, 17:00. Times are those of Europe/Berlin.'
    """
    expect_showable(report, ManagementReport, "report")
    return page_text(management_page(report, title=title, notice=notice))
