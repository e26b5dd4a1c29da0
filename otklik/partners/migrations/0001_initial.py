import django.db.models.deletion
import otklik.partners.models.fields
import otklik.partners.rules.vocabulary
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Program',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                ('managers_see_own_only', models.BooleanField(default=False, verbose_name='account managers see own partners only')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(max_length=40)),
                ('file', models.FileField(max_length=255, upload_to='imports/')),
                ('file_name', models.CharField(max_length=255)),
                ('file_sha256', models.CharField(max_length=64)),
                ('file_size', models.BigIntegerField()),
                ('sample', models.JSONField(default=dict)),
                ('columns', models.JSONField(default=list)),
                ('mapping', models.JSONField(default=dict)),
                ('options', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('mapping', 'Mapping'), ('queued', 'Queued'), ('checking', 'Checking'), ('running', 'Running'), ('done', 'Done'), ('refused', 'Refused'), ('cancelled', 'Cancelled')], default='mapping', max_length=10)),
                ('refusal', models.JSONField(null=True)),
                ('checked', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField(null=True)),
                ('cursor', models.BigIntegerField(default=0)),
                ('offset', models.BigIntegerField(default=0)),
                ('stored', models.BigIntegerField(default=0)),
                ('skipped', models.BigIntegerField(default=0)),
                ('failed', models.BigIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('moved_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['file_sha256'], name='imports_by_content')],
            },
        ),
        migrations.CreateModel(
            name='Merged',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noun', models.CharField(max_length=10)),
                ('source_id', models.BigIntegerField()),
                ('target_id', models.BigIntegerField()),
                ('scope_id', models.BigIntegerField()),
                ('name_key', models.CharField(blank=True, max_length=200)),
                ('external_id', models.CharField(blank=True, max_length=120)),
                ('merged_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['noun', 'target_id'], name='partners_merged_into')],
                'constraints': [models.UniqueConstraint(fields=('noun', 'source_id'), name='partners_merged_once')],
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('name_key', otklik.partners.models.fields.NameKeyField(default='', editable=False, max_length=200)),
                ('external_id', models.CharField(blank=True, max_length=120, verbose_name='external id')),
                ('status', models.CharField(choices=[('applicant', 'applicant'), ('active', 'active'), ('paused', 'paused'), ('left', 'left')], default=otklik.partners.rules.vocabulary.PartnerStatus['ACTIVE'], max_length=20, verbose_name='status')),
                ('tier', models.CharField(blank=True, max_length=40, verbose_name='tier')),
                ('segment', models.CharField(blank=True, max_length=60, verbose_name='segment')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('time_zone', models.CharField(default='UTC', max_length=60, verbose_name='time zone')),
                ('revenue', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='revenue')),
                ('contract_number', models.CharField(blank=True, max_length=80, verbose_name='contract')),
                ('contract_started_on', models.DateField(blank=True, null=True, verbose_name='contract since')),
                ('renewal_on', models.DateField(blank=True, null=True, verbose_name='renewal')),
                ('custom', models.JSONField(blank=True, default=dict, verbose_name='custom fields')),
                ('created_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='partners.program')),
            ],
            options={
                'indexes': [models.Index(fields=['name_key', 'id'], name='partners_by_name'), models.Index(fields=['program', 'name_key', 'id'], name='partners_by_program'), models.Index(fields=['manager', 'name_key', 'id'], name='partners_by_manager'), models.Index(fields=['renewal_on', 'id'], name='partners_by_renewal'), models.Index(fields=['revenue', 'id'], name='partners_by_revenue'), models.Index(fields=['program', 'tier'], name='partners_by_tier'), models.Index(fields=['program', 'country'], name='partners_by_country')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('program', 'external_id'), name='partners_external_id_once')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('name_key', otklik.partners.models.fields.NameKeyField(default='', editable=False, max_length=200)),
                ('external_id', models.CharField(blank=True, max_length=120, verbose_name='external id')),
                ('job_title', models.CharField(blank=True, max_length=160, verbose_name='job title')),
                ('job_title_at', models.DateTimeField(null=True)),
                ('job_title_imported_at', models.DateTimeField(null=True)),
                ('authority', models.CharField(choices=[('unknown', 'unknown'), ('none', 'none'), ('shared', 'shared'), ('final', 'final')], default=otklik.partners.rules.vocabulary.Authority['UNKNOWN'], max_length=10)),
                ('authority_set_at', models.DateTimeField(null=True)),
                ('influence', models.CharField(choices=[('unknown', 'unknown'), ('low', 'low'), ('medium', 'medium'), ('high', 'high')], default=otklik.partners.rules.vocabulary.Influence['UNKNOWN'], max_length=10)),
                ('influence_set_at', models.DateTimeField(null=True)),
                ('role', models.CharField(choices=[('decision_maker', 'decision_maker'), ('influencer', 'influencer'), ('end_user', 'end_user'), ('unknown', 'unknown')], default=otklik.partners.rules.vocabulary.ContactRole['UNKNOWN'], max_length=20)),
                ('role_overruled', models.CharField(blank=True, max_length=20)),
                ('role_overruled_at', models.DateTimeField(null=True)),
                ('languages', models.JSONField(blank=True, default=list, verbose_name='languages')),
                ('time_zone', models.CharField(blank=True, max_length=60, verbose_name='time zone')),
                ('preferred_channel', models.CharField(blank=True, max_length=20, verbose_name='preferred channel')),
                ('preferred_hours', models.CharField(blank=True, max_length=20, verbose_name='preferred hours')),
                ('consent', models.CharField(choices=[('unknown', 'unknown'), ('given', 'given'), ('withdrawn', 'withdrawn')], default=otklik.partners.rules.vocabulary.Consent['UNKNOWN'], max_length=10)),
                ('consent_at', models.DateTimeField(null=True)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('authority_set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('influence_set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('role_overruled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'name_key'], name='contacts_by_partner'), models.Index(fields=['external_id'], name='contacts_by_external_id'), models.Index(fields=['name_key', 'id'], name='contacts_by_name')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('partner', 'external_id'), name='partners_contact_external_once')],
            },
        ),
        migrations.CreateModel(
            name='PartnerItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('product', 'product'), ('project', 'project'), ('need', 'need')], max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'kind', 'name'), name='partners_item_once')],
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('email', 'email'), ('phone', 'phone'), ('telegram', 'telegram')], max_length=10)),
                ('value', models.CharField(max_length=254)),
                ('normalised', models.CharField(max_length=254)),
                ('is_primary', models.BooleanField(default=False)),
                ('bounced_at', models.DateTimeField(null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='partners.contact')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'normalised'], name='addresses_lookup')],
                'constraints': [models.UniqueConstraint(fields=('contact', 'kind', 'normalised'), name='partners_address_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportFailure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.BigIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('problems', models.JSONField(default=list)),
                ('values', models.JSONField(default=list)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='failures', to='partners.importrun')),
            ],
            options={
                'indexes': [models.Index(fields=['run', 'code'], name='imports_by_reason')],
                'constraints': [models.UniqueConstraint(fields=('run', 'row'), name='imports_failure_once')],
            },
        ),
    ]
