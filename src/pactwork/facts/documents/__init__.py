"""Source documents as sections and numbered paragraphs."""

from pactwork.facts.documents.document import Document, Paragraph, read_document

__all__ = ["Document", "Paragraph", "read_document"]
