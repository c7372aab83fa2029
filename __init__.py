"""Kashaf (كشّاف): full-text search that reads Arabic the way its readers do."""

__version__ = "0.1.0"
