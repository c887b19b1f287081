"""Choices: which commitments hold up over the same futures, what they depend on, and when they fail."""
