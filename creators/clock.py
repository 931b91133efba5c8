"""Jobs that time starts: whatever the doorbell missed, the rows still say."""

from celery import shared_task
from django.conf import settings
from django.db.models import Case, When

from creators import embedding, refresh
from creators.authenticity import norms
from creators.models import Creator
from creators.states import CreatorState
from marketplace.kit.alone import alone
from marketplace.kit.sweeping import together

SCHEDULE = {
    "creators-figures": ("creators.sweep_figures", 60.0),
    "creators-authenticity": ("creators.sweep_authenticity", 30.0),
    "creators-vectors": ("creators.sweep_vectors", 10.0),
    "creators-model": ("creators.build_model", 20.0),
}
FIGURES_AT_ONCE = 2_000
SCORED_AT_ONCE = 4_000
# About nine texts each; even at 20 texts a second, on a busy machine, below the time limit of a task.
VECTORS_AT_ONCE = 80


@shared_task(name="creators.sweep_figures")
def sweep_figures() -> None:
    """Refresh the figures of creators whose facts changed since."""
    due = Creator.objects.due_for_figures().order_by("facts_at").values_list("pk", flat=True)
    together(list(due[:FIGURES_AT_ONCE]), refresh.refresh_figures, job="refresh_figures")


@shared_task(name="creators.sweep_authenticity")
def sweep_authenticity() -> None:
    """Score creators whose figures changed since, or whom another version scored; listed ones first."""
    with alone("creators-authenticity") as mine:
        if mine:
            due = Creator.objects.due_for_authenticity(norms().version).order_by(
                Case(When(state=CreatorState.LISTED, then=0), default=1), "figures_at"
            )
            ids = list(due.values_list("pk", flat=True)[:SCORED_AT_ONCE])
            together(ids, refresh.refresh_authenticity, job="refresh_authenticity")


@shared_task(name="creators.build_model")
def build_model() -> None:
    """Unpack the language model, once; the first page does not wait for it."""
    with alone("creators-model") as mine:
        if mine and not settings.EMBEDDING_LIGHT and not embedding.ready(settings.DATA_DIR):
            embedding.build(settings.DATA_DIR)


@shared_task(name="creators.sweep_vectors")
def sweep_vectors() -> None:
    """Embed creators whose texts changed since, or whom another model read; listed ones first."""
    with alone("creators-vectors") as mine:
        if mine:
            model = embedding.current(settings.DATA_DIR, light=settings.EMBEDDING_LIGHT)
            due = Creator.objects.listed().due_for_vector(model).order_by("texts_at")
            ids = list(due.values_list("pk", flat=True)[:VECTORS_AT_ONCE])
            together(ids, refresh.embed_creators, job="embed_creators")
