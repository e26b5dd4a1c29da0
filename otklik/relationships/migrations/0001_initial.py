import django.db.models.deletion
import otklik.relationships.rules.vocabulary
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('feedback', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('loop', '0001_initial'),
        ('partners', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('next_review_on', models.DateField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_review_on__isnull', False)), fields=['next_review_on', 'id'], name='plans_by_review')],
            },
        ),
        migrations.CreateModel(
            name='CallToAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('move', 'move'), ('surprise', 'surprise'), ('silence', 'silence')], max_length=20)),
                ('what', models.CharField(max_length=20)),
                ('task', models.CharField(max_length=30)),
                ('certainty', models.CharField(blank=True, choices=[('beyond_usual_scatter', 'beyond_usual_scatter'), ('within_usual_scatter', 'within_usual_scatter'), ('cannot_tell', 'cannot_tell')], max_length=20)),
                ('place', models.PositiveIntegerField()),
                ('facts', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('open', 'open'), ('done', 'done'), ('dropped', 'dropped')], default=otklik.relationships.rules.vocabulary.CallState['OPEN'], max_length=20)),
                ('due_on', models.DateField()),
                ('note', models.TextField(blank=True)),
                ('raised_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='loop.alert')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('wave', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='feedback.wave')),
            ],
            options={
                'indexes': [models.Index(fields=['wave', 'kind', 'place', 'id'], name='calls_of_wave'), models.Index(fields=['partner', '-raised_at'], name='calls_of_partner'), models.Index(condition=models.Q(('state', 'open')), fields=['owner', 'due_on', 'id'], name='calls_of_owner'), models.Index(condition=models.Q(('state', 'open')), fields=['due_on', 'id'], name='calls_open'), models.Index(condition=models.Q(('what', 'recovered')), fields=['-raised_at', 'id'], name='calls_recovered')],
                'constraints': [models.UniqueConstraint(fields=('wave', 'contact', 'kind'), name='relationships_call_once')],
            },
        ),
        migrations.CreateModel(
            name='CoverageContract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tier', models.CharField(blank=True, max_length=40)),
                ('needs', models.JSONField(default=dict)),
                ('months', models.PositiveSmallIntegerField()),
                ('set_at', models.DateTimeField()),
                ('program', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('program', 'tier'), name='relationships_contract_once')],
            },
        ),
        migrations.CreateModel(
            name='ExpectedScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.PositiveSmallIntegerField()),
                ('entered_at', models.DateTimeField()),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('user', models.ForeignKey(blank=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('wave', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='feedback.wave')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('wave', 'contact', 'user'), name='relationships_guess_once'), models.CheckConstraint(condition=models.Q(('score__lte', 10)), name='relationships_guess_on_scale')],
            },
        ),
        migrations.CreateModel(
            name='InfluenceLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('leads', 'leads'), ('advises', 'advises'), ('blocks', 'blocks')], max_length=20)),
                ('stated_at', models.DateTimeField()),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('stated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'target'), name='relationships_line_once'), models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='relationships_line_to_another')],
            },
        ),
        migrations.CreateModel(
            name='OpeningFound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('upsell', 'upsell'), ('cross_sell', 'cross_sell')], max_length=20)),
                ('products', models.JSONField(default=list)),
                ('points', models.FloatField()),
                ('plain_points', models.FloatField()),
                ('proofs', models.JSONField(default=list)),
                ('blocked_by', models.JSONField(default=list)),
                ('is_blocked', models.BooleanField()),
                ('found_at', models.DateTimeField()),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(fields=['is_blocked', '-points', 'id'], name='openings_by_points'), models.Index(fields=['is_blocked', '-plain_points', 'id'], name='openings_by_plain_points')],
                'constraints': [models.UniqueConstraint(fields=('partner', 'kind'), name='relationships_opening_once')],
            },
        ),
        migrations.CreateModel(
            name='PlanAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=400)),
                ('due_on', models.DateField()),
                ('done_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='relationships.accountplan')),
            ],
            options={
                'indexes': [models.Index(fields=['plan', 'due_on', 'id'], name='actions_of_plan'), models.Index(condition=models.Q(('done_at', None)), fields=['owner', 'due_on', 'id'], name='actions_of_owner')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', models.DateField()),
                ('figures', models.JSONField(default=dict)),
                ('words', models.TextField(blank=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'quarter'), name='relationships_review_once')],
            },
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('people', models.JSONField(default=list)),
                ('dropped', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('wave', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='feedback.wave')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('wave', 'partner'), name='relationships_sign_off_once')],
            },
        ),
        migrations.CreateModel(
            name='SilentPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('regular', 'regular'), ('occasional', 'occasional'), ('gap', 'gap'), ('never', 'never'), ('first', 'first')], max_length=20)),
                ('role', models.CharField(choices=[('decision_maker', 'decision_maker'), ('influencer', 'influencer'), ('end_user', 'end_user'), ('unknown', 'unknown')], max_length=20)),
                ('chance', models.FloatField()),
                ('points', models.FloatField()),
                ('reasons', models.JSONField(default=list)),
                ('tie', models.CharField(choices=[('unknown', 'unknown'), ('none', 'none'), ('weak', 'weak'), ('working', 'working'), ('strong', 'strong')], max_length=20)),
                ('open_tickets', models.PositiveIntegerField()),
                ('counted_at', models.DateTimeField()),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('program', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
                ('wave', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='feedback.wave')),
            ],
            options={
                'indexes': [models.Index(fields=['-points', 'contact'], name='silent_by_points'), models.Index(fields=['program', '-points', 'contact'], name='silent_of_program'), models.Index(fields=['partner', '-points', 'contact'], name='silent_of_partner'), models.Index(fields=['wave', '-points', 'contact'], name='silent_of_wave')],
            },
        ),
        migrations.CreateModel(
            name='Tie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('manager', 'manager'), ('sponsor', 'sponsor'), ('work', 'work'), ('support', 'support'), ('personal', 'personal')], max_length=20)),
                ('level', models.CharField(choices=[('unknown', 'unknown'), ('none', 'none'), ('weak', 'weak'), ('working', 'working'), ('strong', 'strong')], max_length=20)),
                ('stated_at', models.DateTimeField()),
                ('contact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('stated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contact', 'user'), name='relationships_tie_once')],
            },
        ),
        migrations.CreateModel(
            name='AccountCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.PositiveSmallIntegerField()),
                ('points', models.FloatField()),
                ('band', models.CharField(choices=[('high', 'high'), ('medium', 'medium'), ('low', 'low'), ('unknown', 'unknown')], max_length=20)),
                ('plain_points', models.FloatField()),
                ('plain_band', models.CharField(choices=[('high', 'high'), ('medium', 'medium'), ('low', 'low'), ('unknown', 'unknown')], max_length=20)),
                ('reasons', models.JSONField(default=list)),
                ('gap', models.FloatField()),
                ('todo', models.JSONField(default=list)),
                ('faults', models.PositiveIntegerField()),
                ('role_unknown', models.PositiveIntegerField()),
                ('role_stale', models.PositiveIntegerField()),
                ('left', models.PositiveIntegerField()),
                ('unreachable', models.PositiveIntegerField()),
                ('duplicate', models.PositiveIntegerField()),
                ('people', models.PositiveIntegerField()),
                ('asked', models.PositiveIntegerField()),
                ('answered', models.PositiveIntegerField()),
                ('known', models.PositiveIntegerField()),
                ('known_promoters', models.PositiveIntegerField()),
                ('known_asked', models.PositiveIntegerField()),
                ('known_asked_promoters', models.PositiveIntegerField()),
                ('checked_at', models.DateTimeField()),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(fields=['step', '-points', 'partner'], name='checks_by_risk'), models.Index(fields=['step', '-plain_points', 'partner'], name='checks_by_plain_risk'), models.Index(fields=['-gap', 'partner'], name='checks_by_gap'), models.Index(fields=['-faults', 'partner'], name='checks_by_faults'), models.Index(fields=['checked_at'], name='checks_by_age')],
            },
        ),
    ]
