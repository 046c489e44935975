"""The root cause before the training: does a weakness sit in the leadership, in the team or in the individual."""

from leadkit.org.diagnosis.components import NestedComponents, nested_components
from leadkit.org.diagnosis.diagnosing import diagnose
from leadkit.org.diagnosis.result import Diagnosis

__all__ = ["Diagnosis", "NestedComponents", "diagnose", "nested_components"]
