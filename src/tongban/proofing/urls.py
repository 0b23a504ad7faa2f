"""Addresses of the room."""

from django.urls import path

from tongban.proofing.views import pictures, profile

app_name = "proofing"
urlpatterns = [
    path("account/profile/", profile.profile, name="profile"),
    path("account/profile/edit/", profile.edit_profile, name="edit-profile"),
    path("account/profile/withdraw/", profile.withdraw, name="withdraw"),
    path("account/profile/evidence/", pictures.upload, name="evidence"),
    path("account/profile/evidence/letter/", pictures.letter, name="letter"),
    path("account/profile/evidence/entries/", pictures.correct, name="correct-entries"),
    path("account/profile/evidence/check/", pictures.check, name="check-evidence"),
    path("account/profile/evidence/submitted/", pictures.submitted, name="evidence-submitted"),
]
