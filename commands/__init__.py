"""The commands of the command line, by theme; `group` puts them together.

Thin: options in, calls to the rooms, text out.
"""
