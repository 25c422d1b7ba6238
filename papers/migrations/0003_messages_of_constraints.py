from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0002_feed_state'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='announcement',
            name='announcement_once_per_batch',
            constraint=models.UniqueConstraint(fields=('batch', 'paper'), name='announcement_once_per_batch', violation_error_message='This paper is in this batch already.'),
        ),
        migrations.AlterConstraint(
            model_name='batch',
            name='batch_once_per_day',
            constraint=models.UniqueConstraint(fields=('category', 'announced_on'), name='batch_once_per_day', violation_error_message='This category has a batch of this day.'),
        ),
        migrations.AlterConstraint(
            model_name='paperversion',
            name='paper_version_once',
            constraint=models.UniqueConstraint(fields=('paper', 'number'), name='paper_version_once', violation_error_message='This paper has a version with this number.'),
        ),
        migrations.AlterConstraint(
            model_name='reading',
            name='reading_once_per_paper',
            constraint=models.UniqueConstraint(fields=('member', 'paper'), name='reading_once_per_paper', violation_error_message='This member has this paper on a list already.'),
        ),
    ]
