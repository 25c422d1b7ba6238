from django.urls import path

from progress import views

app_name = "progress"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("enroll/<slug:slug>/", views.enroll, name="enroll"),
    path("curricula/<slug:slug>/", views.change_enrollment, name="change_enrollment"),
    path("mark/<uuid:activity_key>/", views.mark, name="mark"),
    path(
        "menu/<slug:slug>/<slug:step_slug>/<uuid:activity_key>/",
        views.row_menu,
        name="row_menu",
    ),
    path(
        "route/<slug:slug>/<slug:step_slug>/<slug:route_slug>/",
        views.choose_route,
        name="choose_route",
    ),
    path("step/<slug:slug>/<slug:step_slug>/", views.mark_step, name="step"),
    path("revisit/", views.revisit, name="revisit"),
    path("revisit/<uuid:activity_key>/", views.clear_revisit, name="clear_revisit"),
    path("minutes/", views.log_minutes, name="log_minutes"),
    path("minutes/<int:pk>/undo/", views.undo_minutes, name="undo_minutes"),
]
