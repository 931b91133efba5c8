"""What single posts mean, for the last few hundred of a ranking."""

from django.db import models

from creators.models.channel import Post
from creators.models.creator import Creator


class PostVector(models.Model):
    """What one post means: one vector (384 × float16) made by one model version from one state of its text.

    Kept for the newest posts only, those that the creator's own vector is made of.
    """

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="vector")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="post_vectors")
    model = models.CharField(max_length=48)
    vector = models.BinaryField(max_length=4096)
    text_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"post {self.post_id} by {self.model}"
