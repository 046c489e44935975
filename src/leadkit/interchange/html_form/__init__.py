"""A questionnaire as one page that any browser opens without a network, and that saves its answers as a file."""

from leadkit.interchange.html_form.writing import write_form

__all__ = ["write_form"]
