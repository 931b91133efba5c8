"""Finding creators: filters, facets with counts, the five orders there are (never by followers), pages by keyset."""

from creators.search.facets import BANDS, Facets, band_of, count_facets
from creators.search.finding import CARD_COLUMNS, KM_PER_DEGREE, Search, find_creators
from creators.search.loosening import WIDER, Looser, loosen
from creators.search.paging import Page, found_page, page_of
from creators.search.stored import address_of, restored, stored
from creators.search.wanted import AVAILABLE, ORDERS, RADIUS_KM, RADIUS_MAX_KM, Place, Wanted

__all__ = [
    "AVAILABLE",
    "BANDS",
    "CARD_COLUMNS",
    "KM_PER_DEGREE",
    "ORDERS",
    "RADIUS_KM",
    "RADIUS_MAX_KM",
    "WIDER",
    "Facets",
    "Looser",
    "Page",
    "Place",
    "Search",
    "Wanted",
    "address_of",
    "band_of",
    "count_facets",
    "find_creators",
    "found_page",
    "loosen",
    "page_of",
    "restored",
    "stored",
]
