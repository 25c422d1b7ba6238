from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from curriculum import actions
from curriculum.export import document_of
from curriculum.forms.drafts import ChangelogForm, CurriculumDraftForm
from curriculum.models import Curriculum
from curriculum.views.desk.finding import curriculum_of
from curriculum.views.desk.forms import conflict_rows, pay_for_text, saved
from curriculum.views.desk.frame import frame_of
from curriculum.views.desk.names import in_plain_words
from members import budget, toomany
from members.access import curator_only
from members.limits import TooMany
from members.requests import MemberRequest


@curator_only
def desk(request: MemberRequest) -> HttpResponse:
    """The drafts. One query."""
    drafts = Curriculum.objects.annotate(
        newest=Max("releases__number"), at=Max("releases__published_at")
    )
    return render(
        request, "curriculum/desk/desk.html", {"drafts": drafts.order_by("title")}
    )


@curator_only
def draft(request: MemberRequest, slug: str) -> HttpResponse:
    """The curriculum itself, and its steps in their order."""
    curriculum = curriculum_of(slug)
    form = CurriculumDraftForm(request.POST or None, instance=curriculum)
    pay_for_text(request, form)
    if (answer := saved(request, form, _("Saved."))) is not None:
        return answer
    curriculum = curriculum_of(slug)
    context = {
        **frame_of(request, curriculum),
        "form": form,
        "steps": curriculum.steps.filter(retired_at=None).order_by("position", "pk"),
        "retired": curriculum.steps.exclude(retired_at=None).order_by("title"),
        "conflicts": conflict_rows(form),
        "saved_by": form.saved_by,
    }
    return render(request, "curriculum/desk/draft.html", context)


@curator_only
def publish(request: MemberRequest, slug: str) -> HttpResponse:
    """What a release would change, and the button that makes it."""
    curriculum = curriculum_of(slug)
    form = ChangelogForm(request.POST or None)
    if form.is_valid():
        now, changelog = timezone.now(), form.cleaned_data["changelog"]
        try:
            budget.spend(request.member, budget.RELEASES, now=now)
            release = actions.publish(
                curriculum, by=request.member, changelog=changelog, now=now
            )
        except TooMany as refusal:
            form.add_error(None, toomany.words(refusal))
        except actions.LintFailed as error:
            form.add_error(
                None,
                [
                    in_plain_words(problem, document_of(curriculum))
                    for problem in error.problems
                ],
            )
        except (actions.NothingChanged, actions.DraftChanged) as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("Release %(number)s is published.") % {"number": release.number},
            )
            releases = reverse("curriculum:releases", args=[slug])
            # without one, the browser keeps the fragment of the form's address
            return redirect(f"{releases}#release-{release.number}")
    return render(
        request,
        "curriculum/desk/publish.html",
        {**frame_of(request, curriculum), "changelog": form},
    )
