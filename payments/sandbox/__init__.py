"""An embedded double of Stripe: a stateful server that speaks Stripe's wire protocol to the unmodified library.

It keeps its own SQLite file, so it commits apart from the application and survives ``kill -9``, as Stripe would.
No money is real here: it takes ``sk_test_`` keys only, and every page it shows says so.

``wire`` reads and writes HTTP bodies, ``params`` knows what the library may send, ``engine`` answers one request,
``world`` is what the resources act on, ``resources`` are Stripe's objects, ``pages`` what a person sees, ``control``
what a test may do to the world, ``webhooks`` how news leaves, ``server`` the sockets.
"""
