import decimal
import django.db.models.deletion
import otklik.kit.secrets
import otklik.payouts.models.fields
import otklik.payouts.rules.vocabulary
from django.conf import settings
from django.db import migrations, models


from otklik.payouts.append_only import guard, lift


def add_guard(apps, schema_editor):
    for statement in guard(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def lift_guard(apps, schema_editor):
    for statement in lift(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('partners', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MoneyImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('entries', 'entries'), ('payouts', 'payouts')], max_length=10)),
                ('file_sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=200)),
                ('rows', models.PositiveIntegerField()),
                ('totals', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('completed_at', models.DateTimeField(null=True)),
                ('outcome', models.JSONField(default=dict)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
            ],
            options={
                'indexes': [models.Index(fields=['program', '-created_at', '-id'], name='money_imports_by_day')],
                'constraints': [models.UniqueConstraint(fields=('program', 'kind', 'file_sha256'), name='payouts_file_once')],
            },
        ),
        migrations.CreateModel(
            name='PartnerReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('uploaded_at', models.DateTimeField()),
                ('form_key', models.UUIDField(null=True, unique=True)),
                ('result', models.JSONField(default=dict)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('uploaded_by_contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
            ],
            options={
                'indexes': [models.Index(fields=['partner', '-end'], name='money_reports_by_partner')],
            },
        ),
        migrations.CreateModel(
            name='ReportLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, max_length=120)),
                ('day', models.DateField()),
                ('source', models.CharField(blank=True, max_length=60)),
                ('conversions', models.PositiveIntegerField(null=True)),
                ('amount', otklik.payouts.models.fields.MoneyField()),
                ('currency', models.CharField(max_length=3)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='payouts.partnerreport')),
            ],
        ),
        migrations.CreateModel(
            name='PaymentTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('schedule', models.CharField(choices=[('weekly', 'weekly'), ('twice_monthly', 'twice_monthly'), ('monthly', 'monthly'), ('quarterly', 'quarterly')], default=otklik.payouts.rules.vocabulary.Schedule['MONTHLY'], max_length=16, verbose_name='schedule')),
                ('day', models.PositiveSmallIntegerField(default=1, verbose_name='day')),
                ('net_days', models.PositiveSmallIntegerField(default=15, verbose_name='days after the period')),
                ('minimum', models.JSONField(default=dict, verbose_name='smallest payout')),
                ('notice_days', models.PositiveSmallIntegerField(default=3, verbose_name='days of notice')),
                ('needs_details', models.BooleanField(default=True, verbose_name='pay to confirmed account details only')),
                ('version', models.PositiveIntegerField(default=0)),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('partner', None)), fields=('program',), name='payouts_terms_of_program_once'), models.UniqueConstraint(fields=('program', 'partner'), name='payouts_terms_of_partner_once')],
            },
        ),
        migrations.CreateModel(
            name='AccountDetails',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('iban', 'iban'), ('bank', 'bank'), ('wallet', 'wallet'), ('crypto', 'crypto'), ('other', 'other')], max_length=12)),
                ('holder', otklik.kit.secrets.EncryptedTextField()),
                ('account', otklik.kit.secrets.EncryptedTextField()),
                ('hint', models.CharField(blank=True, max_length=8)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('confirmed', 'confirmed'), ('declined', 'declined'), ('replaced', 'replaced')], default=otklik.payouts.rules.vocabulary.DetailsState['PROPOSED'], max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('form_key', models.UUIDField(null=True, unique=True)),
                ('asked_by_contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'proposed_at'], name='details_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'confirmed')), fields=('partner',), name='payouts_details_in_force_once'), models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('partner',), name='payouts_details_proposed_once')],
            },
        ),
        migrations.CreateModel(
            name='PayoutBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('pay_on', models.DateField()),
                ('earned_until', models.DateField()),
                ('state', models.CharField(choices=[('calculated', 'calculated'), ('approved', 'approved'), ('sent', 'sent'), ('settled', 'settled'), ('cancelled', 'cancelled')], default=otklik.payouts.rules.vocabulary.BatchState['CALCULATED'], max_length=10)),
                ('payouts_count', models.PositiveIntegerField(default=0)),
                ('total', otklik.payouts.models.fields.MoneyField(default=0)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('calculated_at', models.DateTimeField()),
                ('exported_at', models.DateTimeField(null=True)),
                ('form_key', models.UUIDField(null=True, unique=True)),
                ('exported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('calculated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
            ],
            options={
                'indexes': [models.Index(fields=['program', '-pay_on', '-id'], name='batches_by_day'), models.Index(fields=['state', 'pay_on'], name='batches_by_state')],
            },
        ),
        migrations.CreateModel(
            name='BatchApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='payouts.payoutbatch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'user'), name='payouts_approves_once')],
            },
        ),
        migrations.CreateModel(
            name='LeftOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('nothing', 'nothing'), ('owes', 'owes'), ('held', 'held'), ('planned_already', 'planned_already'), ('details_missing', 'details_missing'), ('requested_less', 'requested_less'), ('below_minimum', 'below_minimum'), ('too_fine', 'too_fine')], max_length=20)),
                ('amount', otklik.payouts.models.fields.MoneyField()),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='left_out', to='payouts.payoutbatch')),
            ],
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', otklik.payouts.models.fields.MoneyField()),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(choices=[('planned', 'planned'), ('approved', 'approved'), ('sent', 'sent'), ('paid', 'paid'), ('failed', 'failed'), ('returned', 'returned'), ('cancelled', 'cancelled')], default=otklik.payouts.rules.vocabulary.PayoutState['PLANNED'], max_length=10)),
                ('expected_on', models.DateField()),
                ('original_expected_on', models.DateField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('paid_on', models.DateField(null=True)),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('problem', models.CharField(blank=True, choices=[('details_wrong', 'details_wrong'), ('name_differs', 'name_differs'), ('account_closed', 'account_closed'), ('bank_refused', 'bank_refused'), ('compliance', 'compliance'), ('limit', 'limit'), ('method_down', 'method_down'), ('awaits_approval', 'awaits_approval'), ('funds', 'funds'), ('bank_holiday', 'bank_holiday'), ('partner_asked', 'partner_asked'), ('other', 'other')], max_length=20)),
                ('source_key', models.CharField(blank=True, max_length=120)),
                ('created_at', models.DateTimeField()),
                ('details', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.accountdetails')),
                ('money_import', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.moneyimport')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='payouts.payoutbatch')),
            ],
            options={
                'indexes': [models.Index(fields=['partner', '-expected_on', '-id'], name='payouts_by_partner'), models.Index(fields=['state', 'expected_on', 'id'], name='payouts_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_key', ''), _negated=True), fields=('program', 'source_key'), name='payouts_payout_key_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payouts_payout_positive')],
            },
        ),
        migrations.CreateModel(
            name='PayoutRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('amount', otklik.payouts.models.fields.MoneyField(null=True)),
                ('state', models.CharField(choices=[('asked', 'asked'), ('planned', 'planned'), ('declined', 'declined'), ('withdrawn', 'withdrawn')], default=otklik.payouts.rules.vocabulary.RequestState['ASKED'], max_length=10)),
                ('decline_reason', models.CharField(blank=True, choices=[('nothing_available', 'nothing_available'), ('below_minimum', 'below_minimum'), ('on_hold', 'on_hold'), ('details_missing', 'details_missing'), ('documents_missing', 'documents_missing'), ('already_planned', 'already_planned'), ('off_schedule', 'off_schedule'), ('other', 'other')], max_length=20)),
                ('created_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('form_key', models.UUIDField(null=True, unique=True)),
                ('asked_by_contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contact')),
                ('asked_by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('payout', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='payouts.payout')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'created_at'], name='payout_requests_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('partner', 'currency'), name='payouts_asked_once')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('number', models.CharField(max_length=60)),
                ('opening', otklik.payouts.models.fields.MoneyField()),
                ('closing', otklik.payouts.models.fields.MoneyField()),
                ('lines_count', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'currency', '-end'], name='statements_by_partner'), models.Index(fields=['program', 'end'], name='statements_by_period')],
                'constraints': [models.UniqueConstraint(fields=('program', 'number'), name='payouts_statement_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('kind', models.CharField(choices=[('earned', 'earned'), ('bonus', 'bonus'), ('chargeback', 'chargeback'), ('fee', 'fee'), ('adjustment', 'adjustment'), ('reversal', 'reversal'), ('payout', 'payout'), ('return', 'return'), ('opening', 'opening')], max_length=12)),
                ('amount', otklik.payouts.models.fields.MoneyField()),
                ('earned_on', models.DateField()),
                ('source_key', models.CharField(blank=True, max_length=120)),
                ('source', models.CharField(blank=True, max_length=60)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('by_hand', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('program', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='payouts.entry')),
                ('money_import', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.moneyimport')),
                ('payout', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='payouts.payout')),
                ('statement', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payouts.statement')),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'currency', 'earned_on', 'id'], name='entries_by_day'), models.Index(condition=models.Q(('statement', None)), fields=['partner', 'currency', 'earned_on'], name='entries_unstated'), models.Index(fields=['statement', 'earned_on', 'id'], name='entries_by_statement'), models.Index(condition=models.Q(('payout', None), _negated=True), fields=['payout'], name='entries_by_payout'), models.Index(condition=models.Q(('money_import', None), _negated=True), fields=['money_import'], name='entries_by_import')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_key', ''), _negated=True), fields=('program', 'source_key'), name='payouts_entry_key_once'), models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='payouts_entry_not_zero')],
            },
        ),
        migrations.CreateModel(
            name='Hand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('kind', models.CharField(choices=[('agreed', 'agreed'), ('brought_in', 'brought_in'), ('changed', 'changed')], max_length=10)),
                ('first_on', models.DateField()),
                ('last_on', models.DateField()),
                ('is_passed_on', models.BooleanField(default=False)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hands', to='payouts.payoutbatch')),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'currency'], name='hands_by_partner')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('amount', otklik.payouts.models.fields.MoneyField(verbose_name='amount')),
                ('reason', models.CharField(choices=[('traffic_check', 'traffic_check'), ('fraud_check', 'fraud_check'), ('advertiser_confirms', 'advertiser_confirms'), ('chargebacks', 'chargebacks'), ('documents_missing', 'documents_missing'), ('details_changed', 'details_changed'), ('compliance', 'compliance'), ('terms_breach', 'terms_breach'), ('dispute', 'dispute'), ('partner_asked', 'partner_asked'), ('other', 'other')], max_length=24, verbose_name='reason')),
                ('checking', models.CharField(max_length=500, verbose_name='what is being checked')),
                ('decide_by', models.DateField(verbose_name='decision by')),
                ('state', models.CharField(choices=[('open', 'open'), ('released', 'released'), ('kept', 'kept')], default=otklik.payouts.rules.vocabulary.HoldState['OPEN'], max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('outcome_note', models.CharField(blank=True, max_length=500)),
                ('version', models.PositiveIntegerField(default=0)),
                ('form_key', models.UUIDField(null=True, unique=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.entry')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('raised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'currency', 'state'], name='holds_by_partner'), models.Index(fields=['state', 'decide_by', 'id'], name='holds_by_day')],
            },
        ),
        migrations.CreateModel(
            name='ToldNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('notice', models.CharField(choices=[('soon', 'soon'), ('moved', 'moved'), ('delayed', 'delayed'), ('held', 'held'), ('hold_changed', 'hold_changed'), ('hold_late', 'hold_late'), ('hold_decided', 'hold_decided')], max_length=16)),
                ('told_at', models.DateTimeField()),
                ('hold', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='told_notices', to='payouts.hold')),
                ('payout', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='told_notices', to='payouts.payout')),
            ],
        ),
        migrations.CreateModel(
            name='Balance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('total', otklik.payouts.models.fields.MoneyField(default=decimal.Decimal)),
                ('held', otklik.payouts.models.fields.MoneyField(default=decimal.Decimal)),
                ('planned', otklik.payouts.models.fields.MoneyField(default=decimal.Decimal)),
                ('version', models.PositiveIntegerField(default=0)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'currency'), name='payouts_balance_once')],
            },
        ),
        migrations.CreateModel(
            name='Adjustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('amount', otklik.payouts.models.fields.MoneyField(verbose_name='amount')),
                ('why', models.TextField(verbose_name='why')),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('approved', 'approved'), ('declined', 'declined')], default=otklik.payouts.rules.vocabulary.AdjustmentState['PROPOSED'], max_length=10)),
                ('form_key', models.UUIDField(null=True, unique=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.entry')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'proposed_at'], name='adjustments_waiting')],
            },
        ),
        migrations.CreateModel(
            name='MoneyUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('entries', 'entries'), ('payouts', 'payouts')], max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('file', models.FileField(max_length=200, upload_to='money/')),
                ('zone', models.CharField(max_length=64)),
                ('said_totals', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('done', 'done'), ('refused', 'refused')], default=otklik.payouts.rules.vocabulary.UploadState['WAITING'], max_length=10)),
                ('problems', models.JSONField(default=list)),
                ('refusal', models.JSONField(default=dict)),
                ('uploaded_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('form_key', models.UUIDField(unique=True)),
                ('money_import', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.moneyimport')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.program')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-uploaded_at'], name='money_uploads_by_state')],
            },
        ),
        migrations.RunPython(add_guard, lift_guard),
    ]
