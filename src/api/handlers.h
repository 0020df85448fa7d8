/* Handlers of the route table; what each answers stands there. */
#ifndef API_HANDLERS_H
#define API_HANDLERS_H

#include <api/api.h>

enum err records_list(struct request *, struct response *);
enum err records_create(struct request *, struct response *);
enum err records_get(struct request *, struct response *);
enum err records_replace(struct request *, struct response *);
enum err records_patch(struct request *, struct response *);
enum err records_delete(struct request *, struct response *);
enum err records_history(struct request *, struct response *);
enum err records_act(struct request *, struct response *);
enum err records_actions(struct request *, struct response *);
enum err records_rate(struct request *, struct response *);
enum err records_rate_all(struct request *, struct response *);
enum err records_judge(struct request *, struct response *);

enum err requests_list(struct request *, struct response *);
enum err requests_create(struct request *, struct response *);
enum err requests_get(struct request *, struct response *);
enum err requests_edit(struct request *, struct response *);
enum err requests_step(struct request *, struct response *);
enum err requests_timeline(struct request *, struct response *);
enum err requests_actions(struct request *, struct response *);
enum err requests_attachments(struct request *, struct response *);
enum err requests_attach(struct request *, struct response *);
enum err requests_bundle(struct request *, struct response *);
enum err requests_chain(struct request *, struct response *);
enum err requests_submit_chain(struct request *, struct response *);
enum err requests_diff(struct request *, struct response *);
enum err requests_open_items(struct request *, struct response *);
enum err workflow_kinds_list(struct request *, struct response *);

enum err assets_attachments(struct request *, struct response *);
enum err assets_attach(struct request *, struct response *);
enum err attachments_get(struct request *, struct response *);
enum err attachments_content(struct request *, struct response *);
enum err attachments_delete(struct request *, struct response *);

enum err catalogues_list(struct request *, struct response *);
enum err catalogues_create(struct request *, struct response *);
enum err catalogues_get(struct request *, struct response *);
enum err catalogues_edit(struct request *, struct response *);
enum err catalogues_submit(struct request *, struct response *);
enum err catalogues_discard(struct request *, struct response *);
enum err catalogues_diff(struct request *, struct response *);
enum err catalogues_software(struct request *, struct response *);
enum err catalogues_put_software(struct request *, struct response *);

enum err movements_of_medium(struct request *, struct response *);
enum err movements_of_asset(struct request *, struct response *);
enum err movements_move_medium(struct request *, struct response *);
enum err movements_move_asset(struct request *, struct response *);
enum err movements_return(struct request *, struct response *);
enum err movements_prolong(struct request *, struct response *);

enum err inventories_get(struct request *, struct response *);
enum err inventories_close(struct request *, struct response *);
enum err inventories_answer(struct request *, struct response *);
enum err inventories_outstanding(struct request *, struct response *);

enum err media_check(struct request *, struct response *);

enum err offices_appoint(struct request *, struct response *);
enum err offices_revoke(struct request *, struct response *);
enum err offices_get(struct request *, struct response *);

enum err persons_patch(struct request *, struct response *);
enum err persons_replace(struct request *, struct response *);

enum err report_leavers(struct request *, struct response *);
enum err report_access(struct request *, struct response *);
enum err reviews_sign(struct request *, struct response *);
enum err reviews_get(struct request *, struct response *);
enum err reviews_list(struct request *, struct response *);

enum err findings_of_row(struct request *, struct response *);
enum err findings_counts(struct request *, struct response *);
enum err findings_refresh(struct request *, struct response *);
enum err findings_instruct(struct request *, struct response *);

enum err lookup_get(struct request *, struct response *);
enum err report_bundle(struct request *, struct response *);
enum err software_get(struct request *, struct response *);

enum err imports_run(struct request *, struct response *);
enum err imports_list(struct request *, struct response *);
enum err imports_get(struct request *, struct response *);

enum err clauses_list(struct request *, struct response *);
enum err clauses_get(struct request *, struct response *);
enum err rules_list(struct request *, struct response *);
enum err transfer_check(struct request *, struct response *);

enum err tokens_list(struct request *, struct response *);
enum err tokens_get(struct request *, struct response *);
enum err tokens_issue(struct request *, struct response *);
enum err tokens_rotate(struct request *, struct response *);
enum err tokens_revoke(struct request *, struct response *);

enum err events_list(struct request *, struct response *);

enum err webhooks_list(struct request *, struct response *);
enum err webhooks_get(struct request *, struct response *);
enum err webhooks_create(struct request *, struct response *);
enum err webhooks_change(struct request *, struct response *);
enum err webhooks_end(struct request *, struct response *);
enum err webhooks_rotate(struct request *, struct response *);
enum err webhooks_try(struct request *, struct response *);
enum err webhooks_deliveries(struct request *, struct response *);
enum err webhooks_retry(struct request *, struct response *);

enum err notices_list(struct request *, struct response *);
enum err notices_retry(struct request *, struct response *);

enum err health(struct request *, struct response *);
enum err ready(struct request *, struct response *);
enum err metrics(struct request *, struct response *);
enum err openapi(struct request *, struct response *);

enum err sessions_create(struct request *, struct response *);
enum err sessions_list(struct request *, struct response *);
enum err sessions_current(struct request *, struct response *);
enum err sessions_reauthenticate(struct request *, struct response *);
enum err sessions_logout(struct request *, struct response *);
enum err sessions_end(struct request *, struct response *);
enum err sessions_end_person(struct request *, struct response *);

enum err account_password(struct request *, struct response *);
enum err account_totp_enrol(struct request *, struct response *);
enum err account_totp_confirm(struct request *, struct response *);
enum err account_totp_remove(struct request *, struct response *);
enum err account_recovery_codes(struct request *, struct response *);

enum err whoami(struct request *, struct response *);
enum err whoami_page(struct request *, struct response *);

#endif
