// evaluate runs a Tiltfile with functions that only record their calls, and prints the calls as JSON:
//
//	evaluate TILTFILE [KIND/NAME ...]
//
// {"calls": [{"function": ..., "arguments": {parameter: value}}], "resources": {"KIND/NAME": resource}}, where resources are what the
// function given to workload_to_resource_function says for the workloads of the command line. A call that Tilt would refuse, for its
// name or a parameter, is an error.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
	"go.starlark.net/syntax"
)

// Parameters in the order of Tilt's API reference, of the functions that are used.
var signatures = map[string]string{
	"allow_k8s_contexts":            "contexts",
	"docker_build":                  "ref context build_args dockerfile dockerfile_contents live_update match_in_env_vars ignore only entrypoint target ssh network secret extra_tag container_args cache_from pull platform extra_hosts",
	"fall_back_on":                  "files",
	"helm":                          "pathToChartDir name namespace values set kube_version skip_crds",
	"k8s_resource":                  "workload new_name port_forwards extra_pod_selectors trigger_mode resource_deps objects auto_init pod_readiness links labels discovery_strategy",
	"k8s_yaml":                      "yaml allow_duplicates",
	"link":                          "url name",
	"local_resource":                "name cmd deps trigger_mode resource_deps ignore auto_init serve_cmd cmd_bat serve_cmd_bat allow_parallel links labels env serve_env readiness_probe dir serve_dir",
	"port_forward":                  "local_port container_port name link_path host",
	"sync":                          "local_path remote_path",
	"version_settings":              "check_updates constraint",
	"workload_to_resource_function": "fn",
}

type call struct {
	Function  string         `json:"function"`
	Arguments map[string]any `json:"arguments"`
}

func main() {
	var calls []call
	var naming starlark.Callable
	globals := starlark.StringDict{
		"TRIGGER_MODE_AUTO":   starlark.String("auto"),
		"TRIGGER_MODE_MANUAL": starlark.String("manual"),
	}
	for name, signature := range signatures {
		parameters := strings.Fields(signature)
		globals[name] = starlark.NewBuiltin(name, func(_ *starlark.Thread, builtin *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			arguments, err := bind(builtin.Name(), parameters, args, kwargs)
			if err != nil {
				return nil, err
			}
			if builtin.Name() == "workload_to_resource_function" {
				naming = arguments["fn"].(starlark.Callable)
				return starlark.None, nil
			}
			made := call{builtin.Name(), map[string]any{}}
			for key, value := range arguments {
				made.Arguments[key] = plain(value)
			}
			calls = append(calls, made)
			result := starlark.NewDict(2)
			_ = result.SetKey(starlark.String("function"), starlark.String(builtin.Name()))
			_ = result.SetKey(starlark.String("arguments"), dict(arguments))
			return result, nil
		})
	}
	thread := &starlark.Thread{Name: "tiltfile", Print: func(_ *starlark.Thread, text string) { fmt.Fprintln(os.Stderr, text) }}
	options := &syntax.FileOptions{TopLevelControl: true, GlobalReassign: true, Set: true, While: true}
	_, err := starlark.ExecFileOptions(options, thread, os.Args[1], nil, globals)
	fail(err)

	resources := map[string]string{}
	for _, workload := range os.Args[2:] {
		kind, name, _ := strings.Cut(workload, "/")
		id := starlarkstruct.FromStringDict(starlark.String("id"), starlark.StringDict{"kind": starlark.String(kind), "name": starlark.String(name)})
		resource, err := starlark.Call(thread, naming, starlark.Tuple{id}, nil)
		fail(err)
		resources[workload] = string(resource.(starlark.String))
	}
	fail(json.NewEncoder(os.Stdout).Encode(map[string]any{"calls": calls, "resources": resources}))
}

func bind(name string, parameters []string, args starlark.Tuple, kwargs []starlark.Tuple) (map[string]starlark.Value, error) {
	arguments := map[string]starlark.Value{}
	if len(args) > len(parameters) {
		return nil, fmt.Errorf("%s takes %d arguments, not %d", name, len(parameters), len(args))
	}
	for i, value := range args {
		arguments[parameters[i]] = value
	}
	for _, pair := range kwargs {
		key := string(pair[0].(starlark.String))
		if !contains(parameters, key) {
			return nil, fmt.Errorf("%s has no parameter %s", name, key)
		}
		if _, given := arguments[key]; given {
			return nil, fmt.Errorf("%s got %s twice", name, key)
		}
		arguments[key] = pair[1]
	}
	return arguments, nil
}

func dict(values map[string]starlark.Value) *starlark.Dict {
	result := starlark.NewDict(len(values))
	for key, value := range values {
		_ = result.SetKey(starlark.String(key), value)
	}
	return result
}

func plain(value starlark.Value) any {
	switch value := value.(type) {
	case starlark.String:
		return string(value)
	case starlark.Bool:
		return bool(value)
	case starlark.Int:
		number, _ := value.Int64()
		return number
	case *starlark.Dict:
		result := map[string]any{}
		for _, pair := range value.Items() {
			result[fmt.Sprint(plain(pair[0]))] = plain(pair[1])
		}
		return result
	case starlark.Iterable:
		result := []any{}
		iterator := value.Iterate()
		defer iterator.Done()
		for item := starlark.Value(nil); iterator.Next(&item); {
			result = append(result, plain(item))
		}
		return result
	}
	return value.String()
}

func contains(list []string, wanted string) bool {
	for _, each := range list {
		if each == wanted {
			return true
		}
	}
	return false
}

func fail(err error) {
	if err == nil {
		return
	}
	if evaluation, ok := err.(*starlark.EvalError); ok {
		err = fmt.Errorf("%s", evaluation.Backtrace())
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
