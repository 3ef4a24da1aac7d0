// Command sdkgen generates the SDKs of this package from schema.json, with Pulumi's own generators.
//
//	sdkgen SCHEMA VERSION OUT [LANGUAGE...]
//
// VERSION is that of package.json. Each language goes to a folder OUT/LANGUAGE, which is emptied first. The go.mod of the Go
// SDK names its direct requirement only: go mod tidy adds the rest.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"golang.org/x/mod/modfile"
)

// Stands in the header of every generated file.
const tool = "pulumi-aws-gitlab-oidc"

var languages = []string{"go", "nodejs", "python"}

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintf(os.Stderr, "usage: sdkgen SCHEMA VERSION OUT [LANGUAGE...]\nLanguages (default: all): %s\n",
			strings.Join(languages, " "))
		os.Exit(2)
	}
	wanted := languages
	if len(os.Args) > 4 {
		wanted = os.Args[4:]
	}
	for _, language := range wanted {
		if err := write(os.Args[1], os.Args[2], filepath.Join(os.Args[3], language), language); err != nil {
			fmt.Fprintf(os.Stderr, "sdkgen: %s: %v\n", language, err)
			os.Exit(1)
		}
	}
}

func write(schemaFile, version, folder, language string) error {
	if !slices.Contains(languages, language) {
		return fmt.Errorf("no such language, there are %s", strings.Join(languages, ", "))
	}
	// Bound anew for each language, as the generators write into it.
	pkg, err := bind(schemaFile, version)
	if err != nil {
		return err
	}
	files, err := generate(language, pkg)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func bind(file, version string) (*schema.Package, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	spec.Version = version
	pkg, problems, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	// Warnings count too: what the generators pass over is not what was meant.
	found := []error{err}
	for _, problem := range problems {
		found = append(found, fmt.Errorf("%s: %s", file, strings.TrimSpace(problem.Summary+" "+problem.Detail)))
	}
	if err := errors.Join(found...); err != nil {
		return nil, err
	}
	// As `pulumi package add` does, so that both give the same SDK: with version and go.mod.
	pkg.SupportPack = true
	return pkg, nil
}

func generate(language string, pkg *schema.Package) (map[string][]byte, error) {
	switch language {
	case "go":
		files, err := golang.GeneratePackage(tool, pkg, nil)
		if err != nil {
			return nil, err
		}
		files["go.mod"], err = requirePulumi(files["go.mod"])
		return files, err
	case "nodejs":
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, nil)
	default:
		return python.GeneratePackage(tool, pkg, nil, nil)
	}
}

// The generator's go.mod asks for a Pulumi SDK that is too old for the code beside it: this one is the first that has
// StringArrayMapMapInput, with the Go that it asks for. Whoever has newer ones keeps them.
const (
	pulumiSdk    = "github.com/pulumi/pulumi/sdk/v3"
	lowestPulumi = "v3.213.0"
	lowestGo     = "1.24.0"
)

func requirePulumi(text []byte) ([]byte, error) {
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(mod.AddRequire(pulumiSdk, lowestPulumi), mod.AddGoStmt(lowestGo)); err != nil {
		return nil, err
	}
	return mod.Format()
}
