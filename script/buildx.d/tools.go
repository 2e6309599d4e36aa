//go:build tools

// Package tools keeps what script/buildx builds among the requirements of go.mod.
package tools

import (
	_ "github.com/docker/buildx/cmd/buildx"
	_ "github.com/moby/buildkit/cmd/buildkitd"
)
