from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("community", "0010_comments_by_branch")]

    operations = [
        migrations.AlterConstraint(
            model_name='putawaynotice',
            name='notice_put_away_once',
            constraint=models.UniqueConstraint(fields=('member', 'post'), name='notice_put_away_once', violation_error_message='This member has put the announcement away already.'),
        ),
        migrations.AlterConstraint(
            model_name='reaction',
            name='reaction_to_one_thing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('comment__isnull', False), ('post', None)), models.Q(('comment', None), ('post__isnull', False)), _connector='OR'), name='reaction_to_one_thing', violation_error_message='A reaction is to a post or to a comment.'),
        ),
        migrations.AlterConstraint(
            model_name='reaction',
            name='reaction_once_per_post',
            constraint=models.UniqueConstraint(fields=('post', 'member', 'kind'), name='reaction_once_per_post', violation_error_message='This member has reacted so already.'),
        ),
        migrations.AlterConstraint(
            model_name='reaction',
            name='reaction_once_per_comment',
            constraint=models.UniqueConstraint(fields=('comment', 'member', 'kind'), name='reaction_once_per_comment', violation_error_message='This member has reacted so already.'),
        ),
        migrations.AlterConstraint(
            model_name='revision',
            name='revision_of_one_thing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('comment__isnull', False), ('post', None)), models.Q(('comment', None), ('post__isnull', False)), _connector='OR'), name='revision_of_one_thing', violation_error_message='A former text is of a post or of a comment.'),
        ),
        migrations.AlterConstraint(
            model_name='thread',
            name='thread_once',
            constraint=models.UniqueConstraint(fields=('kind', 'key'), name='thread_once', violation_error_message='This thread exists already.'),
        ),
        migrations.AlterConstraint(
            model_name='thread',
            name='thread_of_the_group_has_no_key',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('key', ''), ('kind', 'group')), models.Q(models.Q(('kind', 'group'), _negated=True), models.Q(('key', ''), _negated=True)), _connector='OR'), name='thread_of_the_group_has_no_key', violation_error_message="A thread about something has a key; the group's own has none."),
        ),
    ]
