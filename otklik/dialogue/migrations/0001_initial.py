import django.db.models.deletion
import otklik.dialogue.rules.vocabulary
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('desk', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('partners', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('news', 'news'), ('change', 'change'), ('question', 'question'), ('outage', 'outage')], default=otklik.dialogue.rules.vocabulary.NewsKind['NEWS'], max_length=20)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('withdrawn', 'withdrawn')], default=otklik.dialogue.rules.vocabulary.NewsState['DRAFT'], max_length=20)),
                ('audience', models.JSONField(default=dict)),
                ('needs_acknowledgement', models.BooleanField(default=False)),
                ('mails_copy', models.BooleanField(default=True)),
                ('visible_from', models.DateTimeField(null=True)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['program', '-visible_from'], name='news_of_program'), models.Index(condition=models.Q(('mailed_at__isnull', True), ('state', 'published')), fields=['visible_from'], name='news_to_mail')],
            },
        ),
        migrations.CreateModel(
            name='Addressee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mailed_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('contact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('announcement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='addressees', to='dialogue.announcement')),
            ],
            options={
                'indexes': [models.Index(fields=['contact', 'announcement'], name='news_of_contact'), models.Index(fields=['announcement', 'partner'], name='news_readers'), models.Index(fields=['partner'], name='news_of_partner')],
                'constraints': [models.UniqueConstraint(fields=('announcement', 'contact'), name='dialogue_addressee_once')],
            },
        ),
        migrations.CreateModel(
            name='AnnouncementQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('shown_question', models.TextField(blank=True)),
                ('shown_answer', models.TextField(blank=True)),
                ('shown_at', models.DateTimeField(null=True)),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='dialogue.announcement')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('shown_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='AnnouncementText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='dialogue.announcement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('announcement', 'language'), name='dialogue_text_once')],
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company', models.CharField(max_length=200)),
                ('company_key', models.CharField(max_length=200)),
                ('person', models.CharField(max_length=120)),
                ('address', models.CharField(max_length=254)),
                ('site', models.CharField(blank=True, max_length=300)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('answers', models.JSONField(default=list)),
                ('consented_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('new', 'new'), ('vetting', 'vetting'), ('more_wanted', 'more_wanted'), ('approved', 'approved'), ('declined', 'declined')], default=otklik.dialogue.rules.vocabulary.ApplicationState['NEW'], max_length=20)),
                ('reason', models.CharField(blank=True, choices=[('traffic_unclear', 'traffic_unclear'), ('site_unreachable', 'site_unreachable'), ('site_unfinished', 'site_unfinished'), ('volume_too_small', 'volume_too_small'), ('country_not_served', 'country_not_served'), ('channel_not_allowed', 'channel_not_allowed'), ('content_not_allowed', 'content_not_allowed'), ('documents_missing', 'documents_missing'), ('details_missing', 'details_missing'), ('cannot_verify', 'cannot_verify'), ('already_partner', 'already_partner'), ('no_room_now', 'no_room_now')], default='', max_length=20)),
                ('note', models.TextField(blank=True)),
                ('due_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('public_key', models.CharField(max_length=32, unique=True)),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['new', 'vetting'])), fields=['due_at'], name='applications_due'), models.Index(fields=['program', '-created_at'], name='applications_newest'), models.Index(fields=['address'], name='applications_by_address')],
            },
        ),
        migrations.CreateModel(
            name='ApplicationWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='dialogue.application')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=400)),
                ('measure', models.CharField(blank=True, max_length=200)),
                ('target', models.CharField(blank=True, max_length=120)),
                ('due_on', models.DateField()),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('agreed', 'agreed'), ('declined', 'declined'), ('met', 'met'), ('missed', 'missed'), ('dropped', 'dropped')], default=otklik.dialogue.rules.vocabulary.GoalState['PROPOSED'], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('proposed_by', models.CharField(choices=[('ours', 'ours'), ('theirs', 'theirs')], max_length=20)),
                ('created_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'state', 'due_on'], name='goals_of_partner'), models.Index(fields=['state', 'due_on', 'id'], name='goals_by_day')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('ours', 'ours'), ('theirs', 'theirs')], max_length=20)),
                ('text', models.CharField(max_length=400)),
                ('due_on', models.DateField()),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('agreed', 'agreed'), ('declined', 'declined'), ('done', 'done'), ('dropped', 'dropped')], default=otklik.dialogue.rules.vocabulary.PromiseState['PROPOSED'], max_length=20)),
                ('note', models.TextField(blank=True)),
                ('done_on', models.DateField(null=True)),
                ('proposed_by', models.CharField(choices=[('ours', 'ours'), ('theirs', 'theirs')], max_length=20)),
                ('created_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('goal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='commitments', to='dialogue.goal')),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'state', 'due_on'], name='promises_of_partner'), models.Index(condition=models.Q(('state', 'agreed')), fields=['due_on', 'id'], name='promises_open')],
            },
        ),
        migrations.CreateModel(
            name='Idea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160)),
                ('text', models.TextField(blank=True)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('moderation', models.CharField(choices=[('waiting', 'waiting'), ('shown', 'shown'), ('hidden', 'hidden')], default=otklik.dialogue.rules.vocabulary.Moderation['WAITING'], max_length=20)),
                ('state', models.CharField(choices=[('new', 'new'), ('considered', 'considered'), ('planned', 'planned'), ('done', 'done'), ('declined', 'declined')], default=otklik.dialogue.rules.vocabulary.IdeaState['NEW'], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('outcome', models.TextField(blank=True)),
                ('reply', models.TextField(blank=True)),
                ('replied_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('state_changed_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dialogue.idea')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
                ('replied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('topic', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='desk.topic')),
            ],
            options={
                'indexes': [models.Index(fields=['program', 'moderation', 'state', '-created_at'], name='ideas_of_program')],
            },
        ),
        migrations.CreateModel(
            name='NoNewsMails',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
            ],
        ),
        migrations.CreateModel(
            name='Onboarding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('finished_at__isnull', True)), fields=['started_at'], name='onboardings_open')],
            },
        ),
        migrations.CreateModel(
            name='OnboardingStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('article', 'article'), ('document', 'document'), ('link', 'link'), ('details', 'details'), ('course', 'course'), ('call', 'call'), ('other', 'other')], max_length=20)),
                ('titles', models.JSONField(default=dict)),
                ('link', models.CharField(blank=True, max_length=300)),
                ('side', models.CharField(choices=[('ours', 'ours'), ('theirs', 'theirs')], max_length=20)),
                ('due_on', models.DateField()),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by_contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('onboarding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='dialogue.onboarding')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ProgramManners',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moderates_ideas', models.BooleanField(default=True)),
                ('takes_applications', models.BooleanField(default=False)),
                ('introduction', models.JSONField(default=dict)),
                ('questions', models.JSONField(default=list)),
                ('vetting', models.JSONField(default=list)),
                ('answer_days', models.PositiveSmallIntegerField(default=3)),
                ('resources', models.JSONField(default=list)),
                ('program', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partners.program')),
            ],
        ),
        migrations.CreateModel(
            name='StepTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('article', 'article'), ('document', 'document'), ('link', 'link'), ('details', 'details'), ('course', 'course'), ('call', 'call'), ('other', 'other')], max_length=20)),
                ('titles', models.JSONField(default=dict)),
                ('link', models.CharField(blank=True, max_length=300)),
                ('side', models.CharField(choices=[('ours', 'ours'), ('theirs', 'theirs')], max_length=20)),
                ('due_days', models.PositiveSmallIntegerField(default=7)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partners.program')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='VettingStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=300)),
                ('outcome', models.CharField(blank=True, choices=[('passed', 'passed'), ('failed', 'failed'), ('skipped', 'skipped')], default='', max_length=20)),
                ('note', models.TextField(blank=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='dialogue.application')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('idea', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='dialogue.idea')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('idea', 'contact'), name='dialogue_vote_once')],
            },
        ),
    ]
