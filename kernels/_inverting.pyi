from .twins.inverting import (
    invert as invert,
)
