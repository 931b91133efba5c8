"""Jobs that services and the clock start. Each may run twice; the rows say what is due."""

from celery import shared_task

from creators import refresh


@shared_task(name="creators.refresh_figures")
def refresh_figures(*, creator_ids: list[int]) -> None:
    refresh.refresh_figures(creator_ids)


@shared_task(name="creators.embed_creators")
def embed_creators(*, creator_ids: list[int]) -> None:
    refresh.embed_creators(creator_ids)
