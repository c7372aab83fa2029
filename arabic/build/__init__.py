"""Builds the data files of `kashaf.arabic`; nothing here is needed at run time."""
