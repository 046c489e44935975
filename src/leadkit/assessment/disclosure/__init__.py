"""Showing feedback so that nobody is found out: policy, disclosure, audit, and the rights of single people."""

from leadkit.assessment.disclosure.audit import Audit, audit
from leadkit.assessment.disclosure.disclosing import disclose
from leadkit.assessment.disclosure.persons import (
    PersonExport,
    erase_comments,
    erase_person,
    export_person,
    pseudonymise,
)
from leadkit.assessment.disclosure.policy import DisclosurePolicy
from leadkit.assessment.disclosure.result import DisclosedComment, DisclosedFeedback, DisclosureLog

__all__ = [
    "Audit",
    "DisclosedComment",
    "DisclosedFeedback",
    "DisclosureLog",
    "DisclosurePolicy",
    "PersonExport",
    "audit",
    "disclose",
    "erase_comments",
    "erase_person",
    "export_person",
    "pseudonymise",
]
