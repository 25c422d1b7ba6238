from django.urls import include, path

from curriculum import views
from curriculum.views import desk

app_name = "curriculum"

urlpatterns = [
    path("", views.curricula, name="list"),
    path("resources/", views.resources, name="resources"),
    path("resources/<slug:slug>/", views.resource, name="resource"),
    path("<slug:slug>/", views.curriculum, name="curriculum"),
    path("<slug:slug>/releases/", views.releases, name="releases"),
    path("<slug:slug>/releases/<int:number>/", views.release, name="release"),
    path(
        "<slug:slug>/releases/<int:number>/file/",
        views.release_file,
        name="release_file",
    ),
    path("<slug:slug>/", include("progress.urls_learn")),
]

# Included under its own name and address: drafts must not take addresses
# from curricula.
curate = [
    path("", desk.desk, name="desk"),
    path("<slug:slug>/", desk.draft, name="draft"),
    path("<slug:slug>/publish/", desk.publish, name="publish"),
    path("<slug:slug>/move/", desk.move, name="move"),
    path("<slug:slug>/retire/", desk.retire, name="retire"),
    path("<slug:slug>/steps/new/", desk.new_step, name="new_step"),
    path("<slug:slug>/steps/<uuid:key>/", desk.step, name="step"),
    path("<slug:slug>/steps/<uuid:key>/routes/new/", desk.new_route, name="new_route"),
    path(
        "<slug:slug>/steps/<uuid:key>/activities/new/",
        desk.new_activity,
        name="new_activity",
    ),
    path("<slug:slug>/routes/<int:pk>/", desk.route, name="route"),
    path("<slug:slug>/activities/<int:pk>/", desk.activity, name="activity"),
]
