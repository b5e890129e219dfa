# Makes a shell function a simulator of Quincunx, for programs that are called once for each event. Copy this one file; it needs bash.
#
#     source quincunx.sh
#     simulate() {                      # $1: seed, a whole number below 2^53; $2, $3, ...: the parameters
#         ./model --seed "$1" "$2" "$3"
#     }
#     quincunx_serve x_1 x_2            # names of the outputs
#
# The function prints the outputs as numbers with blanks or line ends between. Another exit status than 0 is a failed simulation. The parameters come in the order of the study's prior,
# or of its key simulator.parameters. The protocol is described in docs/guide/programs.md; this client speaks JSON, and answers event by event.

quincunx_serve() {
    local line id theta seeds row output numbers status reason names number
    local pattern='^\+?(-?)0*([0-9]*)(\.([0-9]*))?([eE][-+]?[0-9]+)?$'
    exec 3>&1 1>&2                      # what anything else prints is no answer
    IFS= read -r line || return 0
    printf -v names ',"%s"' "$@"
    printf '{"quincunx":1,"outputs":[%s],"mode":"json"}\n' "${names:1}" >&3
    while IFS= read -r line; do
        # Requests have no blanks and begin with id, theta and seeds.
        id=${line#*'"id":'} id=${id%%,*}
        theta=${line#*'"theta":[['} theta=${theta%%']]'*}
        seeds=${line#*'"seeds":['} seeds=${seeds%%']'*}
        while [ -n "$seeds" ]; do
            row=${theta%%'],['*}
            theta=${theta#*'],['}
            # shellcheck disable=SC2086  # words are what is wanted
            output=$(simulate "${seeds%%,*}" ${row//,/ } </dev/null)
            status=$? reason='' numbers=''
            if [ "$status" -ne 0 ]; then
                reason="exit status $status"
            fi
            for number in $output; do
                if [[ $number =~ $pattern && $number == *[0-9]* ]]; then
                    # As JSON wants it: .5 is 0.5, 5. is 5, and 007 is 7.
                    numbers+=",${BASH_REMATCH[1]}${BASH_REMATCH[2]:-0}${BASH_REMATCH[4]:+.${BASH_REMATCH[4]}}${BASH_REMATCH[5]}"
                elif [ -z "$reason" ]; then
                    reason="simulate printed what is no number"
                fi
            done
            if [ -n "$reason" ]; then
                printf '{"id":%s,"x":["%s"]}\n' "$id" "$reason" >&3
            else
                printf '{"id":%s,"x":[[%s]]}\n' "$id" "${numbers:1}" >&3
            fi
            [ "$seeds" = "${seeds#*,}" ] && seeds='' || seeds=${seeds#*,}
        done
    done
}
