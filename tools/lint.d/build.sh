# Sourced: the build that the checks share, into its own directory, every warning an error.
# The extra warnings are gcc's own and have few false alarms.
lint_make() { # TARGET...
	case ${MAKEFLAGS:-} in
	*-j*) jobs= ;;
	*) jobs=-j$(nproc) ;;
	esac
	"${MAKE:-make}" --no-print-directory -k -s $jobs B="$B" SANITIZE= V=1 need_tests= \
		WERROR="-Werror -Wundef -Wlogical-op -Wduplicated-cond -Wold-style-definition \
-Wredundant-decls -Wnested-externs -Wcast-align" "$@"
}
