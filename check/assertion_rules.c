/* When an assertion holds. What is unknown never does. */
#include "check/assertion_kinds.h"
#include "check/namespace_sharing.h"
#include "check/rows.h"
#include "sys/capset.h"

bool rows_are_good(const struct assertion *assertion,
		   const struct checked_process *process)
{
	for (int row = 0; row < ROWS; row++) {
		struct values values = { 0 };

		if (assertion->kind->rows & 1U << row &&
		    row_judge((enum row)row, process, &values) != VERDICT_GOOD)
			return false;
	}
	return true;
}

bool no_uid_is_root(const struct assertion *assertion,
		    const struct checked_process *process)
{
	const struct known_ids *uids = &process->status.uids;

	(void)assertion;
	for (int i = 0; i < IDS; i++)
		if (!uids->id[i])
			return false;
	return uids->known;
}

/* All four are the one that the assertion names. */
static bool all_match(const struct known_ids *ids,
		      const struct assertion *assertion)
{
	for (int i = 0; i < IDS; i++)
		if (ids->id[i] != assertion->ids[0])
			return false;
	return ids->known;
}

bool uids_match(const struct assertion *assertion,
		const struct checked_process *process)
{
	return all_match(&process->status.uids, assertion);
}

bool gids_match(const struct assertion *assertion,
		const struct checked_process *process)
{
	return all_match(&process->status.gids, assertion);
}

static bool has_id(const uint32_t *ids, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* The group of the process gives nothing more by being in the list, too. */
bool groups_match(const struct assertion *assertion,
		  const struct checked_process *process)
{
	const struct known_groups *groups = &process->status.groups;
	const struct known_ids *gids = &process->status.gids;
	uint32_t primary = gids->id[ID_EFFECTIVE];

	if (!groups->known || !gids->known)
		return false;
	for (size_t i = 0; i < groups->count; i++)
		if (groups->gids[i] != primary &&
		    !has_id(assertion->ids, assertion->id_count,
			    groups->gids[i]))
			return false;
	for (size_t i = 0; i < assertion->id_count; i++)
		if (assertion->ids[i] != primary &&
		    !has_id(groups->gids, groups->count, assertion->ids[i]))
			return false;
	return true;
}

/* A set that has all that the running kernel knows is "all" of them. */
static bool set_matches(const struct checked_process *process,
			enum capset which, const struct assertion *assertion)
{
	const struct known_number *set = &process->status.capabilities[which];
	uint64_t wanted = assertion->capabilities;
	uint64_t all = capset_known();

	if (!set->known)
		return false;
	return set->value == wanted ||
	       ((set->value & all) == all && (wanted & all) == all);
}

/* Root's own are not passed on by these sets, but by its uid. */
static bool set_has_no_more(const struct checked_process *process,
			    enum capset which,
			    const struct assertion *assertion)
{
	const struct known_number *set = &process->status.capabilities[which];

	return set->known && !(set->value & ~assertion->capabilities);
}

bool usable_capabilities_match(const struct assertion *assertion,
			       const struct checked_process *process)
{
	return set_matches(process, CAPSET_PERMITTED, assertion) &&
	       set_matches(process, CAPSET_EFFECTIVE, assertion) &&
	       set_has_no_more(process, CAPSET_INHERITABLE, assertion) &&
	       set_has_no_more(process, CAPSET_AMBIENT, assertion);
}

bool bounding_capabilities_match(const struct assertion *assertion,
				 const struct checked_process *process)
{
	return set_matches(process, CAPSET_BOUNDING, assertion);
}

bool namespaces_are_own(const struct assertion *assertion,
			const struct checked_process *process)
{
	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		const struct namespace_kind *kind = &namespace_kinds[i];

		if (assertion->namespaces & kind->flag &&
		    namespace_sharing_of(process, kind).with !=
			    SHARED_WITH_NONE)
			return false;
	}
	return true;
}

bool namespaces_are_not_hosts(const struct assertion *assertion,
			      const struct checked_process *process)
{
	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		const struct namespace_kind *kind = &namespace_kinds[i];

		if (assertion->namespaces & kind->flag &&
		    !namespace_sharing_of(process, kind).is_not_hosts)
			return false;
	}
	return true;
}

bool descriptors_match(const struct assertion *assertion,
		       const struct checked_process *process)
{
	struct values values = { 0 };
	enum verdict verdict = row_judge(ROW_DESCRIPTORS, process, &values);

	if (verdict == VERDICT_UNKNOWN)
		return false;
	return assertion->standard_descriptors
		       ? verdict == VERDICT_GOOD
		       : values.list.length == assertion->descriptors;
}

bool is_pid1(const struct assertion *assertion,
	     const struct checked_process *process)
{
	const struct known_number *pid = &process->status.innermost_pid;

	(void)assertion;
	return pid->known && pid->value == 1;
}

bool is_not_pid1(const struct assertion *assertion,
		 const struct checked_process *process)
{
	const struct known_number *pid = &process->status.innermost_pid;

	(void)assertion;
	return pid->known && pid->value != 1;
}
