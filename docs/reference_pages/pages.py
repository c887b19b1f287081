"""Every page that is made, and small things that they share."""

from __future__ import annotations

MADE = "Made by `docs/make_reference.py` from {origin}; do not edit."


def make_pages() -> dict[str, str]:
    """Return the text of every page, by its path below docs/."""
    from reference_pages.commands import describe_commands
    from reference_pages.documents import describe_documents
    from reference_pages.files import describe_files
    from reference_pages.outcomes import describe_outcomes
    from reference_pages.tables import describe_all_tables

    return {
        "reference/tables.md": describe_all_tables(),
        "reference/files.md": describe_files(),
        "reference/commands.md": describe_commands(),
        "reference/json.md": describe_documents(),
        "outcomes.md": describe_outcomes(),
    }


def say_origin(origin: str) -> str:
    """Return the sentence that says what a page is made from."""
    return MADE.format(origin=origin)


def write_row(*cells: str) -> str:
    """Return one row of a Markdown table; what would break it is escaped."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def write_table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    """Return a Markdown table."""
    return [write_row(*heads), "|" + "---|" * len(heads), *(write_row(*row) for row in rows)]


def make_anchor(title: str) -> str:
    """Return the anchor that GitHub gives a heading.

    Examples
    --------
    >>> make_anchor("status of a lot"), make_anchor("break-even")
    ('status-of-a-lot', 'break-even')
    """
    return "".join(char for char in title.lower().replace(" ", "-") if char.isalnum() or char in "-_")
