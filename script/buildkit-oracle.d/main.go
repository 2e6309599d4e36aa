// buildkit-oracle answers what BuildKit's own packages read in a Dockerfile: one JSON question a
// line on standard input, one JSON answer a line on standard output. Tests compare it with
// src/chain/dockerfile.ts and src/chain/ignore.ts.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

type question struct {
	Dockerfile *string           `json:"dockerfile"`
	BuildArgs  map[string]string `json:"buildArgs"`
	Target     string            `json:"target"`

	// Ignore is the text of an ignore file, Match a pattern of filepath.Match.
	Ignore *string  `json:"ignore"`
	Match  *string  `json:"match"`
	Paths  []string `json:"paths"`
}

type answer struct {
	Error   string   `json:"error,omitempty"`
	Reading *reading `json:"reading,omitempty"`
	// Matched has an entry for each of the question's paths.
	Matched []bool `json:"matched,omitempty"`
}

func main() {
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for scanner.Scan() {
		var q question
		if err := json.Unmarshal(scanner.Bytes(), &q); err != nil {
			log.Fatal(err)
		}
		if err := encoder.Encode(reply(q)); err != nil {
			log.Fatal(err)
		}
	}
	if err := scanner.Err(); err != nil {
		log.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func reply(q question) (a answer) {
	var err error
	switch {
	case q.Dockerfile != nil:
		a.Reading, err = read(*q.Dockerfile, q.BuildArgs, q.Target)
	case q.Ignore != nil:
		a.Matched, err = ignored(*q.Ignore, q.Paths)
	case q.Match != nil:
		a.Matched, err = matched(*q.Match, q.Paths)
	}
	if err != nil {
		return answer{Error: err.Error()}
	}
	return a
}

func ignored(text string, paths []string) ([]bool, error) {
	patterns, err := ignorefile.ReadAll(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, err
	}
	var matches []bool
	for _, path := range paths {
		match, err := below(matcher, path)
		if err != nil {
			return nil, err
		}
		// The classic builder's client asks this way.
		alone, err := matcher.MatchesOrParentMatches(path)
		if err != nil {
			return nil, err
		}
		matches = append(matches, match && alone)
	}
	return matches, nil
}

// below goes down to a path the way that the context is walked.
func below(matcher *patternmatcher.PatternMatcher, path string) (match bool, err error) {
	var info patternmatcher.MatchInfo
	for i := range path + "/" {
		if i == len(path) || path[i] == '/' {
			match, info, err = matcher.MatchesUsingParentResults(path[:i], info)
			if err != nil {
				return false, err
			}
		}
	}
	return match, nil
}

func matched(pattern string, paths []string) ([]bool, error) {
	var matches []bool
	for _, path := range paths {
		match, err := filepath.Match(pattern, path)
		if err != nil {
			return nil, err
		}
		matches = append(matches, match)
	}
	return matches, nil
}
