"""Every address of the supply side."""

from django.urls import URLPattern, include, path
from rest_framework.routers import SimpleRouter

from creators.api.authenticity import AnswerView
from creators.api.directory import CreatorViewSet, NicheViewSet, TownViewSet
from creators.api.mine import ChannelViewSet, ProfileView, RateViewSet
from creators.views import authenticity, compare, discover, lines, profile, public

router = SimpleRouter()
router.register("creators", CreatorViewSet, basename="api_creator")
router.register("niches", NicheViewSet, basename="api_niche")
router.register("towns", TownViewSet, basename="api_town")
router.register("me/channels", ChannelViewSet, basename="api_my_channel")
router.register("me/rates", RateViewSet, basename="api_my_rate")

api_urlpatterns = [
    path("me/profile/", ProfileView.as_view(), name="api_my_profile"),
    path("me/authenticity/", AnswerView.as_view(), name="api_my_authenticity"),
    path("", include(router.urls)),
]

urlpatterns: list[URLPattern] = [
    path("discover/", discover.discover, name="discover"),
    path("discover/towns/", discover.town_options, name="town_options"),
    path("creators/compare/", compare.creator_compare, name="creator_compare"),
    path("c/<slug:handle>/", public.creator_detail, name="creator_detail"),
    path("c/<slug:handle>/authenticity/", authenticity.creator_authenticity, name="creator_authenticity"),
    path("me/profile/authenticity/", authenticity.profile_authenticity, name="profile_authenticity"),
    path("me/profile/", profile.profile_edit, name="profile_edit"),
    path("me/profile/open/", profile.profile_open, name="profile_open"),
    path("me/profile/about/", profile.profile_about, name="profile_about"),
    path("me/profile/place/", profile.profile_place, name="profile_place"),
    path("me/profile/niches/", profile.profile_niches, name="profile_niches"),
    path("me/profile/exclusions/", profile.profile_exclusions, name="profile_exclusions"),
    path("me/profile/rates/", lines.profile_rates, name="profile_rates"),
    path("me/profile/rates/<str:public_id>/remove/", lines.rate_remove, name="rate_remove"),
    path("me/profile/channels/", lines.profile_channels, name="profile_channels"),
    path("me/profile/channels/<str:public_id>/", lines.channel_edit, name="channel_edit"),
    path("me/profile/channels/<str:public_id>/remove/", lines.channel_remove, name="channel_remove"),
    path("creators/<str:public_id>/<slug:verb>/", profile.creator_verb, name="creator_verb"),
]
