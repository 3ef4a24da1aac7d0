package main

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// TestMain runs `up` of the program that this file was copied beside, where no Go language host is there.
// Usage: TEST-BINARY FOLDER PROJECT STACK [--expect-no-changes]
func TestMain(*testing.M) {
	if err := up(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func up(ctx context.Context, args []string) error {
	folder, project, name, flags := args[0], args[1], args[2], args[3:]
	stack, err := auto.UpsertStackInlineSource(ctx, name, project, program, auto.WorkDir(folder))
	if err != nil {
		return err
	}
	options := []optup.Option{optup.ProgressStreams(os.Stdout)}
	for range flags {
		options = append(options, optup.ExpectNoChanges())
	}
	_, err = stack.Up(ctx, options...)
	return err
}
