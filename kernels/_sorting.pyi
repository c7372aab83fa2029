from .twins.sorting import (
    Keys as Keys,
)
from .twins.sorting import (
    merge_texts as merge_texts,
)
from .twins.sorting import (
    sort_texts as sort_texts,
)
