module belfry.dev/collector

go 1.26
