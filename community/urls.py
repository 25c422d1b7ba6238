from django.urls import path

from community import views

app_name = "community"

urlpatterns = [
    path("new/", views.new_post, name="new_post"),
    path("<int:pk>/", views.post, name="post"),
    path("<int:pk>/edit/", views.edit_post, name="edit_post"),
    path("<int:pk>/history/", views.history, name="history"),
    path("<int:pk>/comment/", views.comment, name="comment"),
    path("<int:pk>/react/", views.react, name="react"),
    path("<int:pk>/pin/", views.pin, name="pin"),
    path("<int:pk>/remove/", views.remove, name="remove"),
    path("comments/<int:pk>/edit/", views.edit_comment, name="edit_comment"),
    path("comments/<int:pk>/history/", views.comment_history, name="comment_history"),
    path("comments/<int:pk>/accept/", views.accept, name="accept"),
    path("comments/<int:pk>/react/", views.react_to_comment, name="react_to_comment"),
    path("comments/<int:pk>/remove/", views.remove_comment, name="remove_comment"),
]
