from .twins.lines import (
    line_of as line_of,
)
