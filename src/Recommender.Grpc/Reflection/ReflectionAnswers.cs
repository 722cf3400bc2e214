using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Request = Grpc.Reflection.V1.ServerReflectionRequest.MessageRequestOneofCase;

namespace Recommender.Grpc;

/// <summary>Answers the questions of reflection clients, in the messages of version 1.</summary>
internal sealed class ReflectionAnswers(DescriptorIndex index)
{
    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = request.MessageRequestCase switch
        {
            Request.ListServices => Services(),
            Request.FileByFilename => File(index.FindFile(request.FileByFilename), $"file '{request.FileByFilename}'"),
            Request.FileContainingSymbol =>
                File(index.FindSymbol(request.FileContainingSymbol), $"symbol '{request.FileContainingSymbol}'"),
            Request.FileContainingExtension => FileOf(request.FileContainingExtension),
            Request.AllExtensionNumbersOfType => ExtensionNumbers(request.AllExtensionNumbersOfType),
            _ => Error(StatusCode.InvalidArgument, "The request asks nothing: set one of the fields of message_request."),
        };
        response.ValidHost = request.Host;
        response.OriginalRequest = request;
        return response;
    }

    private ServerReflectionResponse Services()
    {
        var services = new ListServiceResponse();
        foreach (string name in index.Services)
            services.Service.Add(new ServiceResponse { Name = name });
        return new ServerReflectionResponse { ListServicesResponse = services };
    }

    private ServerReflectionResponse FileOf(ExtensionRequest extension) => File(
        index.FindExtension(extension.ContainingType, extension.ExtensionNumber),
        $"extension {extension.ExtensionNumber} of '{extension.ContainingType}'");

    private ServerReflectionResponse ExtensionNumbers(string type)
    {
        if (index.FindSymbol(type) is null)
            return NotFound($"type '{type}'");
        var numbers = new ExtensionNumberResponse { BaseTypeName = type };
        numbers.ExtensionNumber.Add(index.ExtensionNumbers(type));
        return new ServerReflectionResponse { AllExtensionNumbersResponse = numbers };
    }

    private static ServerReflectionResponse File(FileDescriptor? file, string what)
    {
        if (file is null)
            return NotFound(what);
        var files = new List<FileDescriptor>();
        AddWithImports(file, files);
        var response = new FileDescriptorResponse();
        response.FileDescriptorProto.Add(files.Select(each => each.SerializedData));
        return new ServerReflectionResponse { FileDescriptorResponse = response };
    }

    private static void AddWithImports(FileDescriptor file, List<FileDescriptor> to)
    {
        if (to.Contains(file))
            return;
        to.Add(file);
        foreach (var import in file.Dependencies)
            AddWithImports(import, to);
    }

    private static ServerReflectionResponse NotFound(string what) => Error(StatusCode.NotFound, $"The server has no {what}.");

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };
}
