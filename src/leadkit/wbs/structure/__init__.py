"""What there is to do: a tree of groups and work packages, with codes, accounts, roles and the checks on them."""

from leadkit.wbs.structure.accounts import ControlAccount, Raci, RaciRole
from leadkit.wbs.structure.checking import check_wbs
from leadkit.wbs.structure.describing import Dictionary, Document, DocumentKind
from leadkit.wbs.structure.findings import Finding, FindingRule, RaciCheck, Severity, WbsCheck
from leadkit.wbs.structure.groups import Group, Node
from leadkit.wbs.structure.needs import Need
from leadkit.wbs.structure.packages import Basis, PackageKind, WorkPackage
from leadkit.wbs.structure.roles import check_raci
from leadkit.wbs.structure.tree import Missing, Wbs

__all__ = [
    "Basis",
    "ControlAccount",
    "Dictionary",
    "Document",
    "DocumentKind",
    "Finding",
    "FindingRule",
    "Group",
    "Missing",
    "Need",
    "Node",
    "PackageKind",
    "Raci",
    "RaciCheck",
    "RaciRole",
    "Severity",
    "Wbs",
    "WbsCheck",
    "WorkPackage",
    "check_raci",
    "check_wbs",
]
