"""What briefs mean, for rankings of both directions."""

from django.db import models

from campaigns.models.campaign import Campaign


class BriefVector(models.Model):
    """What a brief's text means: one vector (384 × float16) made by one model version from one state of the text."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="brief_vector")
    model = models.CharField(max_length=48)
    vector = models.BinaryField(max_length=4096)
    text_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.campaign_id} by {self.model}"
