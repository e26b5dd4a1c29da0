import django.db.models.deletion
import otklik.loop.rules.vocabulary
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('desk', '0001_initial'),
        ('dialogue', '0001_initial'),
        ('feedback', '0001_initial'),
        ('identity', '0002_cache_table'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('partners', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('score', 'score'), ('drop', 'drop'), ('words', 'words'), ('low_csat', 'low_csat'), ('silence', 'silence'), ('mention', 'mention')], max_length=20)),
                ('conditions', models.JSONField(default=dict)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('owner_way', models.CharField(choices=[('manager', 'manager'), ('person', 'person'), ('team', 'team')], default=otklik.loop.rules.vocabulary.OwnerWay['MANAGER'], max_length=20)),
                ('deadline_hours', models.PositiveSmallIntegerField(default=48)),
                ('escalation_hours', models.PositiveSmallIntegerField(default=8)),
                ('is_active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('escalates_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fallback', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='identity.team')),
            ],
            options={
                'ordering': ['position', 'id'],
                'indexes': [models.Index(fields=['program', 'is_active', 'position'], name='alert_rules_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('score', 'score'), ('drop', 'drop'), ('words', 'words'), ('low_csat', 'low_csat'), ('silence', 'silence'), ('mention', 'mention')], max_length=20)),
                ('flow', models.CharField(choices=[('detractor', 'detractor'), ('passive', 'passive'), ('promoter', 'promoter'), ('silent', 'silent'), ('mention', 'mention')], max_length=20)),
                ('survey_kind', models.CharField(blank=True, max_length=10)),
                ('score', models.PositiveSmallIntegerField(null=True)),
                ('reasons', models.JSONField(default=list)),
                ('also', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('open', 'open'), ('contacted', 'contacted'), ('waiting', 'waiting'), ('closed', 'closed')], default=otklik.loop.rules.vocabulary.AlertState['OPEN'], max_length=20)),
                ('owner_reason', models.CharField(choices=[('manager', 'manager'), ('named', 'named'), ('team_lead', 'team_lead'), ('fallback', 'fallback'), ('head', 'head'), ('administrator', 'administrator'), ('by_hand', 'by_hand')], max_length=20)),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('escalates_at', models.DateTimeField()),
                ('escalated_at', models.DateTimeField(null=True)),
                ('first_contact_at', models.DateTimeField(null=True)),
                ('snoozed_until', models.DateTimeField(null=True)),
                ('snooze_reason', models.CharField(blank=True, max_length=300)),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('mended', 'mended'), ('explained', 'explained'), ('not_possible', 'not_possible'), ('thanked', 'thanked'), ('not_reached', 'not_reached'), ('not_ours', 'not_ours')], max_length=20)),
                ('result', models.TextField(blank=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('told_how', models.CharField(blank=True, choices=[('call', 'call'), ('letter', 'letter'), ('meeting', 'meeting'), ('chat', 'chat')], max_length=20)),
                ('owes_word', models.BooleanField(default=False)),
                ('reopened', models.PositiveSmallIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('escalated_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mention', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='feedback.mention')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
                ('response', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='feedback.response')),
                ('told_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('wave', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='feedback.wave')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loop.alertrule')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['due_at', 'id'], name='alerts_open_due'), models.Index(condition=models.Q(('closed_at', None)), fields=['owner', 'due_at', 'id'], name='alerts_of_owner'), models.Index(condition=models.Q(('closed_at', None), ('escalated_at', None), ('first_contact_at', None)), fields=['escalates_at', 'id'], name='alerts_to_escalate'), models.Index(fields=['program', '-opened_at'], name='alerts_of_program'), models.Index(fields=['partner', '-opened_at'], name='alerts_of_partner'), models.Index(fields=['contact', '-opened_at'], name='alerts_of_contact'), models.Index(condition=models.Q(('owes_word', True)), fields=['closed_at', 'id'], name='alerts_to_tell')],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('call', 'call'), ('letter', 'letter'), ('meeting', 'meeting'), ('chat', 'chat')], max_length=20)),
                ('at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='loop.alert')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.ticket')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='LoopPromise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='loop.alert')),
                ('commitment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dialogue.commitment')),
            ],
        ),
        migrations.CreateModel(
            name='ReAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField()),
                ('asked_at', models.DateTimeField(null=True)),
                ('surveys', models.PositiveSmallIntegerField(null=True)),
                ('before', models.PositiveSmallIntegerField(null=True)),
                ('after', models.PositiveSmallIntegerField(null=True)),
                ('alert', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='re_ask', to='loop.alert')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('response', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='feedback.response')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('asked_at', None)), fields=['due_on', 'id'], name='re_asks_due'), models.Index(condition=models.Q(('asked_at__isnull', False), ('response', None)), fields=['contact'], name='re_asks_waiting')],
            },
        ),
        migrations.CreateModel(
            name='RootCause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('names', models.JSONField(default=dict)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('is_active', models.BooleanField(default=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='loop.rootcause')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
            ],
            options={
                'ordering': ['position', 'id'],
                'indexes': [models.Index(fields=['program', 'position'], name='root_causes_of_program')],
            },
        ),
        migrations.CreateModel(
            name='AlertCause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alert', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='causes', to='loop.alert')),
                ('cause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loop.rootcause')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('alert', 'cause'), name='loop_cause_once')],
            },
        ),
    ]
