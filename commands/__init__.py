"""The commands of the command line, by theme; `kashaf.cli` puts them together.

Thin: options in, calls to the rooms, text out.
"""
