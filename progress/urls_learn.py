"""The address of a step, below that of its curriculum.

Included by the addresses of curricula, whose name it shares: `curriculum:step`.
"""

from django.urls import path

from progress import views

urlpatterns = [path("<slug:step_slug>/", views.step, name="step")]
