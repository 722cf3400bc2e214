using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Recommender.Grpc;
using GrpcStatus = Grpc.Core.Status;

namespace Recommender.Interop.Tests;

public sealed class RichStatusTests
{
    [Fact]
    public void All_that_is_wrong_with_a_request_is_said_at_once()
    {
        var e = RpcError.InvalidArgument([("count", "must be 1 to 10000, got 0"), ("events[3].price", "must be a number, got NaN")]);
        Assert.Equal(StatusCode.InvalidArgument, e.StatusCode);
        Assert.Equal("count: must be 1 to 10000, got 0; events[3].price: must be a number, got NaN", e.Status.Detail);
        Assert.Equal(["count", "events[3].price"], e.GetDetail<BadRequest>()!.FieldViolations.Select(violation => violation.Field));
    }

    [Fact]
    public void Each_kind_of_error_carries_its_own_detail()
    {
        var notFound = RpcError.NotFound("scenario", "hom", "There is no scenario 'hom'. Did you mean 'home'?");
        Assert.Equal((StatusCode.NotFound, "hom"), (notFound.StatusCode, notFound.GetDetail<ResourceInfo>()!.ResourceName));
        var exists = RpcError.AlreadyExists("event", "e1", "Event 'e1' exists with other content.");
        Assert.Equal((StatusCode.AlreadyExists, "event"), (exists.StatusCode, exists.GetDetail<ResourceInfo>()!.ResourceType));
        var early = RpcError.FailedPrecondition("MODEL", "default", "No model has been trained: train one first.");
        Assert.Equal("default", early.GetDetail<PreconditionFailure>()!.Violations.Single().Subject);
        var busy = RpcError.Unavailable("A training run is under way.", TimeSpan.FromSeconds(5));
        Assert.Equal(Duration.FromTimeSpan(TimeSpan.FromSeconds(5)), busy.GetDetail<RetryInfo>()!.RetryDelay);
        Assert.Null(busy.GetDetail<BadRequest>());
    }

    [Fact]
    public void An_error_without_details_or_with_bytes_that_are_none_is_still_that_error()
    {
        Assert.Null(new RpcException(new GrpcStatus(StatusCode.NotFound, "gone")).GetRichStatus());
        var garbled = new Metadata { { RichStatus.TrailerKey, [255, 255] } };
        Assert.Null(new RpcException(new GrpcStatus(StatusCode.NotFound, "gone"), garbled).GetRichStatus());
    }
}
