"""What is derived from facts: figures from channels, posts and comments; meaning from texts; copies for reading."""

from creators.refresh.authenticity import refresh_authenticity
from creators.refresh.copies import copy_niches, niche_ancestors
from creators.refresh.figures import refresh_figures
from creators.refresh.vectors import embed_creators

__all__ = ["copy_niches", "embed_creators", "niche_ancestors", "refresh_authenticity", "refresh_figures"]
