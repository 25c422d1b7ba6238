from django.urls import path

from community.views import comments, edits, posts, reactions

app_name = "community"

urlpatterns = [
    path("new/", posts.new_post, name="new_post"),
    path("<int:pk>/", posts.post, name="post"),
    path("<int:pk>/edit/", edits.edit_post, name="edit_post"),
    path("<int:pk>/history/", posts.history, name="history"),
    path("<int:pk>/comment/", comments.comment, name="comment"),
    path("<int:pk>/react/", reactions.react, name="react"),
    path("<int:pk>/pin/", posts.pin, name="pin"),
    path("<int:pk>/put-away/", posts.put_away, name="put_away"),
    path("<int:pk>/remove/", posts.remove, name="remove"),
    path("comments/<int:pk>/edit/", edits.edit_comment, name="edit_comment"),
    path(
        "comments/<int:pk>/history/", comments.comment_history, name="comment_history"
    ),
    path("comments/<int:pk>/accept/", comments.accept, name="accept"),
    path(
        "comments/<int:pk>/react/", reactions.react_to_comment, name="react_to_comment"
    ),
    path("comments/<int:pk>/remove/", comments.remove_comment, name="remove_comment"),
]
