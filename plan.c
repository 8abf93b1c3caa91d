/* What rind does with no option at all. */
#include "plan.h"

#include "lib/error.h"

enum {
	STOP_GRACE_MS = 5000
};

void plan_forward_all(struct plan *plan)
{
	for (int signal = 1; signal <= SIGNAL_MAX; signal++)
		plan->supervision.rewrite[signal] = (uint8_t)signal;
}

void plan_set_defaults(struct plan *plan)
{
	plan->identity.refuse_root = true;
	plan->identity.refuse_root_alias = true;
	plan->identity.list_primary_group = true;
	plan->confinement.drop_capabilities = true;
	plan->confinement.lock_securebits = true;
	plan->confinement.new_keyring = true;
	plan->confinement.verify_capabilities = true;
	plan->environment.set_home = true;
	plan->environment.set_login = true;
	plan->process.leave_terminal = true;
	plan->process.give_streams = true;
	plan->process.close_descriptors = true;
	plan->process.reset_inherited = true;
	plan->supervision.leftovers = LEFTOVERS_TERMINATE;
	plan->supervision.stop_grace_ms = STOP_GRACE_MS;
	plan->supervision.subreaper = true;
	plan->supervision.refuse_on_terminal = true;
	plan->supervision.out_of_reach = true;
	plan->exit_codes = (struct plan_exit_codes){
		.failed = EXIT_RIND,
		.cannot_run = EXIT_CANNOT_RUN,
		.not_found = EXIT_NOT_FOUND,
		.exec_failed = EXIT_RIND,
	};
	plan->cures_name_options = true;
	plan->reading = PLACE_COMMAND_LINE;
	plan_forward_all(plan);
}
