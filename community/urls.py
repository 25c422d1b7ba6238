from django.urls import path

from community.views import (
    comments,
    drafts,
    edits,
    joining,
    people,
    poll_changes,
    polls,
    posts,
    reactions,
    unfolding,
    writing,
)

app_name = "community"

urlpatterns = [
    path("new/", posts.new_post, name="new_post"),
    path("preview/", writing.preview, name="preview"),
    path("formatting/", writing.formatting, name="formatting"),
    path("<int:pk>/quote/", writing.quote_post, name="quote_post"),
    path("comments/<int:pk>/quote/", writing.quote_comment, name="quote_comment"),
    path("drafts/", drafts.list_drafts, name="drafts"),
    path("drafts/keep/", drafts.keep, name="keep_draft"),
    path("drafts/offer/", drafts.offer, name="offer_draft"),
    path("drafts/<uuid:draft_key>/", drafts.draft, name="draft"),
    path("drafts/<uuid:draft_key>/delete/", drafts.delete, name="delete_draft"),
    path("people/", people.names, name="names"),
    path("<int:pk>/", posts.post, name="post"),
    path("<int:pk>/edit/", edits.edit_post, name="edit_post"),
    path("<int:pk>/history/", posts.history, name="history"),
    path("<int:pk>/newer/", comments.newer, name="newer"),
    path("<int:pk>/comment/", comments.comment, name="comment"),
    path("<int:pk>/react/", reactions.react, name="react"),
    path("<int:pk>/pin/", posts.pin, name="pin"),
    path("<int:pk>/put-away/", posts.put_away, name="put_away"),
    path("<int:pk>/show/", unfolding.show, name="show"),
    path("<int:pk>/join/", joining.join, name="join"),
    path("<int:pk>/separate/", joining.separate, name="separate"),
    path("<int:pk>/remove/", posts.remove, name="remove"),
    path("<int:pk>/vote/", polls.vote, name="vote"),
    path("<int:pk>/options/add/", polls.add_option, name="add_option"),
    path("<int:pk>/options/remove/", poll_changes.remove_option, name="remove_option"),
    path("<int:pk>/poll/", poll_changes.poll, name="poll"),
    path("<int:pk>/close/", poll_changes.close, name="close_poll"),
    path("<int:pk>/votes/", poll_changes.votes, name="votes"),
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
