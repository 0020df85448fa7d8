#include <string.h>

#include <base/clock.h>
#include <base/date.h>
#include <ledger/as_of.h>

bool
as_of_read(const char *value, struct arena *arena, struct faults *faults, const char **ret)
{
	struct fault f = { .field = "?as_of", .value = value };
	char day[DATE_SIZE], today[CLOCK_DAY_SIZE];
	enum date_fault wrong = date_read_iso(value, day);

	clock_today(today);
	if (wrong != DATE_OK) {
		f.code = date_fault_code(wrong);
		f.ja = date_fault_ja(wrong);
		f.en = date_fault_en(wrong);
	} else if (strcmp(day, today) > 0) {
		f.code = "in_the_future";
		f.ja = "今日までの日付を指定してください。台帳は、まだ来ていない日の姿を知りません。";
		f.en = "A day up to today: the register does not know what is to come.";
	} else if (strcmp(day, AS_OF_FIRST) < 0) {
		f.code = "out_of_range";
		f.ja = AS_OF_FIRST " 以降の日付を指定してください。";
		f.en = "A day from " AS_OF_FIRST " on.";
	} else {
		*ret = arena_strdup(arena, day);
		return true;
	}
	faults_add(faults, &f);
	return false;
}
